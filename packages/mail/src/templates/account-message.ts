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
    /**
     * Epoch milliseconds, for an address that holds a secret: the mail says so, and is not sent and not kept past this moment.
     */
    readonly expiresAt?: number
  }
  /** To type in where it was asked for. */
  readonly code?: {
    readonly text: string
    /** Epoch milliseconds. The mail is not sent and not kept past this moment. */
    readonly expiresAt: number
  }
  /** The opposite of the action, just as visible; the same link works once for either. */
  readonly otherAction?: { readonly label: string; readonly url: string }
  /** What to do when one had nothing to do with it. */
  readonly warning: string
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** @throws MailError `mail_invalid` when the address is not http(s) or a text too long */
export function accountMessage(props: AccountMessageProps): RenderedMail {
  const { subject, paragraphs, action, otherAction, code, warning } = props
  for (const link of [action, otherAction]) {
    if (link !== undefined && !/^https?:$/.test(URL.parse(link.url)?.protocol ?? '')) {
      throw invalidMail('url', 'must be an http(s) address')
    }
  }
  if (paragraphs.join('').length > mailLimits.textLength) {
    throw invalidMail('paragraphs', `have more than ${mailLimits.textLength} characters`)
  }
  const until =
    action?.expiresAt === undefined
      ? undefined
      : `The link works once, until ${moment.format(action.expiresAt)} UTC.`
  const codeUntil =
    code === undefined ? undefined : `The code works once, until ${moment.format(code.expiresAt)} UTC.`
  // With two links each says what it does; a single one is what the mail is about.
  const links = otherAction
    ? [action && `${action.label}: ${action.url}`, `${otherAction.label}: ${otherAction.url}`]
    : [action?.url]
  const text = [`${subject}:`, ...paragraphs, code?.text, codeUntil, ...links, until, warning].filter(
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
        ...(code === undefined
          ? []
          : [html`<p><b class="code">${code.text}</b></p>\n`, html`<p>${codeUntil ?? ''}</p>\n`]),
        ...(action === undefined
          ? []
          : [
              html`<p><a class="button" href="${action.url}">${action.label}</a></p>\n`,
              ...(otherAction
                ? [html`<p><a class="button" href="${otherAction.url}">${otherAction.label}</a></p>\n`]
                : []),
              ...(until === undefined ? [] : [html`<p>${until}</p>\n`]),
              html`<p class="quiet">If the button does nothing, copy this address into the browser:<br><a href="${action.url}">${action.url}</a></p>\n`,
            ]),
        html`<p class="quiet">${warning}</p>`,
      ]),
    ),
  }
}
