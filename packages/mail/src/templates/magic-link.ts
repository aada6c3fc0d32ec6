// The sign-in mail. Its body holds a secret: whoever reads it can sign in until the link is used or expires.
import { invalidMail } from '../mail-error.ts'
import { html } from './html.ts'
import { mailDocument, type RenderedMail } from './mail-document.ts'

export interface MagicLinkProps {
  /** Absolute http(s) address with the one-time token. */
  readonly url: string
  /** Epoch milliseconds. The mail is not sent and not kept past this moment. */
  readonly expiresAt: number
  /** What another browser must type in. */
  readonly code?: string
  /** Name of the product signed in to. */
  readonly product?: string
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** @throws MailError `mail_invalid` when the address is not http(s). */
export function magicLink({ url, expiresAt, code, product = 'Levqor' }: MagicLinkProps): RenderedMail {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw invalidMail('url', 'must be an http(s) address')
  const subject = `Sign in to ${product}`
  const until = `${moment.format(expiresAt)} UTC`
  const advice = `The link works once, until ${until}. Open it in the browser in which you asked for it.`
  const other = code === undefined ? '' : 'In another browser, type in this code:'
  const warning = 'If you did not ask for it, ignore this mail: without the link nobody can sign in.'
  return {
    subject,
    text: [`${subject}:`, url, advice, code === undefined ? '' : `${other} ${code}`, warning]
      .filter((part) => part !== '')
      .join('\n\n')
      .concat('\n'),
    html: mailDocument(
      subject,
      html`<h1>${subject}</h1>
<p><a class="button" href="${url}">Sign in</a></p>
<p>${advice}</p>
${other === '' ? html`` : html`<p>${other}<br><b class="code">${code ?? ''}</b></p>`}
<p class="quiet">If the button does nothing, copy this address into the browser:<br><a href="${url}">${url}</a></p>
<p class="quiet">${warning}</p>`,
    ),
  }
}
