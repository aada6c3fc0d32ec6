// What an account has to say to its person: something to confirm, with one button, or something that has happened.
import { invalidMail } from '../mail-error.ts'
import { html, joinHtml } from './html.ts'
import { mailDocument, type RenderedMail } from './mail-document.ts'
import { mailLimits } from './mail-limits.ts'

export interface AccountMessageProps {
  /** One line; also the heading. */
  readonly subject: string
  /** What it is about, a paragraph each. */
  readonly paragraphs: readonly string[]
  /** Where to act. The address may hold a secret. */
  readonly action?: {
    readonly label: string
    /** Absolute http(s) address. */
    readonly url: string
    /** Epoch milliseconds. The mail is not sent and not kept past this moment. */
    readonly expiresAt: number
  }
  /** What to do when one had nothing to do with it. */
  readonly warning: string
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** @throws MailError `mail_invalid` when the address is not http(s) or a text too long */
export function accountMessage({ subject, paragraphs, action, warning }: AccountMessageProps): RenderedMail {
  if (action !== undefined && !/^https?:$/.test(URL.parse(action.url)?.protocol ?? '')) {
    throw invalidMail('url', 'must be an http(s) address')
  }
  if (paragraphs.join('').length > mailLimits.textLength) {
    throw invalidMail('paragraphs', `have more than ${mailLimits.textLength} characters`)
  }
  const until =
    action === undefined ? undefined : `The link works once, until ${moment.format(action.expiresAt)} UTC.`
  const text = [`${subject}:`, ...paragraphs, action?.url, until, warning].filter(
    (part) => part !== undefined,
  )
  return {
    subject,
    text: `${text.join('\n\n')}\n`,
    html: mailDocument(
      subject,
      joinHtml([
        html`<h1>${subject}</h1>\n`,
        ...paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`),
        ...(action === undefined
          ? []
          : [
              html`<p><a class="button" href="${action.url}">${action.label}</a></p>\n`,
              html`<p>${until ?? ''}</p>\n`,
              html`<p class="quiet">If the button does nothing, copy this address into the browser:<br><a href="${action.url}">${action.url}</a></p>\n`,
            ]),
        html`<p class="quiet">${warning}</p>`,
      ]),
    ),
  }
}
