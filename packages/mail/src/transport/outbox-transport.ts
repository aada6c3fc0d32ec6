// Delivery where no mail server is set: the outbox is where mail is read.
import type { MailTransport } from './mail-transport.ts'

/** Leaves every mail in the outbox for seven days, or until its link expires. */
export function createOutboxTransport(): MailTransport {
  return { outcome: 'kept', send: async () => {} }
}
