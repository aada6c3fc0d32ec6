// The port through which a mail leaves.
import type { MailErrorCode } from '../mail-error.ts'

export interface OutgoingMail {
  /** Stable over all tries: receivers that see one Message-ID twice show one mail. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Epoch milliseconds of acceptance, the mail's Date header. */
  readonly createdAt: number
  readonly requestId: string | undefined
}

export interface MailTransport {
  /** `sent` hands the mail to a server and the body is erased; `kept` leaves it in the outbox to be read there. */
  readonly outcome: 'sent' | 'kept'
  /** @throws DeliveryError */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>
}

/** A failed delivery: what a person may read about it, and whether trying again makes sense. */
export interface DeliveryError extends Error {
  readonly code: Extract<MailErrorCode, 'mail_refused' | 'mail_deferred' | 'mail_server_failed'>
}
