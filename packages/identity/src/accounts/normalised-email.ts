// One spelling per mailbox.
import { emailAddress } from '@levqor/client'

/** Addresses are kept and compared in lower case. */
export const normalisedEmail = emailAddress.transform((text) => text.toLowerCase())
