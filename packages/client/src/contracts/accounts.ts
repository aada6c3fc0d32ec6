// One's own account: another address, how things are shown, and its end.
import { z } from 'zod'
import { emailAddress } from './auth.ts'
import { defineContract, oneLine, plainText, timestamp } from './contract.ts'

/** BCP 47, as this runtime's Intl understands it. */
export const localeTag = plainText(35)
  .refine(isLocale, 'expected a language tag such as en-GB or sv')
  .describe('BCP 47')

/** ISO 4217. */
export const currencyCode = plainText(3)
  .refine(isCurrency, 'expected a currency code such as EUR')
  .describe('ISO 4217')

/** What people say of themselves; null takes it away. */
export const profileFields = {
  name: oneLine(100).nullable(),
  locale: localeTag.nullable(),
  currency: currencyCode.nullable(),
}

const token = plainText(200).min(20).describe('From the mail')

export const changeProfile = defineContract({
  id: 'auth.me.change',
  method: 'PATCH',
  path: '/api/auth/me',
  summary: 'Change the own name, language or currency; what is left out stays',
  status: 200,
  body: z
    .strictObject({
      name: profileFields.name.optional(),
      locale: profileFields.locale.optional(),
      currency: profileFields.currency.optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'say what to change: name, locale or currency'),
  answer: z.object({
    name: z.string().nullable(),
    locale: z.string().nullable(),
    currency: z.string().nullable(),
  }),
})

const pendingEmail = z.object({
  pending: z
    .object({
      email: z.string().describe('The new address, as it was given'),
      confirmed: z.object({ old: z.boolean(), new: z.boolean() }).describe('Which mailboxes have answered'),
      expires_at: timestamp,
    })
    .nullable(),
})

export const requestEmailChange = defineContract({
  id: 'auth.email.request',
  method: 'POST',
  path: '/api/auth/email',
  summary: 'Ask for another address; it changes once the old and the new mailbox have confirmed',
  status: 202,
  body: z.strictObject({ email: emailAddress }),
  answer: pendingEmail,
})

export const getEmailChange = defineContract({
  id: 'auth.email.get',
  method: 'GET',
  path: '/api/auth/email',
  summary: 'The change of address that waits for its mailboxes',
  status: 200,
  answer: pendingEmail,
})

export const withdrawEmailChange = defineContract({
  id: 'auth.email.withdraw',
  method: 'DELETE',
  path: '/api/auth/email',
  summary: 'Withdraw the change of address that waits; its links work no longer',
  status: 204,
})

export const lookAtEmailChange = defineContract({
  id: 'auth.email.look',
  method: 'POST',
  path: '/api/auth/email/look',
  summary: 'What a link of a change of address is about; uses nothing up',
  status: 200,
  body: z.strictObject({ token }),
  answer: z.object({
    mailbox: z.enum(['old', 'new']).describe('Which of the two mails the link stands in'),
    email: z.string().describe('The address that this mail was sent to'),
    new_email: z.string().describe('The address that the account is to have'),
  }),
})

export const confirmEmailChange = defineContract({
  id: 'auth.email.confirm',
  method: 'POST',
  path: '/api/auth/email/confirm',
  summary: 'Confirm a change of address with the token of one of its two mails; nobody is signed in by it',
  status: 200,
  body: z.strictObject({ token }),
  answer: z.object({
    status: z.enum(['waiting', 'changed']).describe('waiting: the other mailbox has not confirmed yet'),
  }),
})

export const stopEmailChange = defineContract({
  id: 'auth.email.stop',
  method: 'POST',
  path: '/api/auth/email/stop',
  summary:
    'Stop a change of address with the token of one of its two mails; from the old one, all sessions end',
  status: 200,
  body: z.strictObject({ token }),
  answer: z.object({ status: z.literal('stopped'), sessions_ended: z.boolean() }),
})

export const requestDeletion = defineContract({
  id: 'auth.account.delete',
  method: 'POST',
  path: '/api/auth/account/deletion',
  summary: 'Ask for the account to be closed and deleted after a time in which it can be undone',
  status: 200,
  answer: z.object({ deletion_due_at: timestamp }),
})

export const undoDeletion = defineContract({
  id: 'auth.account.keep',
  method: 'DELETE',
  path: '/api/auth/account/deletion',
  summary: 'Keep the account after all',
  status: 204,
})

export type PendingEmailChange = z.infer<typeof pendingEmail>

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

function isCurrency(text: string): boolean {
  return Intl.supportedValuesOf('currency').includes(text)
}
