// For operators: the accounts of the installation, and acting for somebody else.
import { z } from 'zod'
import { profileFields } from './accounts.ts'
import { emailAddress } from './auth.ts'
import { defineContract, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'

const userStatus = z.enum(['active', 'disabled'])

export const user = z.object({
  id: publicId('usr'),
  email: z.string(),
  name: z.string().nullable(),
  locale: z.string().nullable(),
  currency: z.string().nullable(),
  status: userStatus,
  operator: z.boolean(),
  email_verified: z.boolean(),
  last_login_at: timestamp.nullable(),
  last_login_network: z
    .string()
    .nullable()
    .describe('Keyed pseudonym: equal for equal addresses within one month'),
  last_login_device: z.string().nullable(),
  deletion_due_at: timestamp.nullable().describe('The person has asked for the account to be deleted then'),
  created_at: timestamp,
  updated_at: timestamp,
})

const params = z.strictObject({ id: publicId('usr') })

const changeable = {
  name: profileFields.name.optional(),
  locale: profileFields.locale.optional(),
  currency: profileFields.currency.optional(),
}

export const listUsers = defineContract({
  id: 'users.list',
  method: 'GET',
  path: '/api/v1/users',
  summary: 'Accounts of the installation, newest first',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    email: plainText(254).optional().describe('Part of the address'),
  }),
  answer: page(user),
})

export const getUser = defineContract({
  id: 'users.get',
  method: 'GET',
  path: '/api/v1/users/{id}',
  summary: 'One account',
  status: 200,
  params,
  answer: user,
})

export const upsertUser = defineContract({
  id: 'users.upsert',
  method: 'POST',
  path: '/api/v1/users/upsert',
  summary: 'Make the account of an address, or change the given fields of the one there is',
  status: 200,
  otherStatuses: [201],
  body: z.strictObject({ email: emailAddress, ...changeable }),
  answer: user,
})

export const changeUser = defineContract({
  id: 'users.change',
  method: 'PATCH',
  path: '/api/v1/users/{id}',
  summary:
    'Close or open an account, change how its person is named; the address changes only by its own mailboxes',
  status: 200,
  params,
  body: z
    .strictObject({ status: userStatus.optional(), ...changeable })
    .refine((body) => Object.keys(body).length > 0, 'say what to change: status, name, locale or currency'),
  answer: user,
})

export const startImpersonation = defineContract({
  id: 'admin.impersonate.start',
  method: 'POST',
  path: '/api/admin/impersonate',
  summary: 'Act for somebody else, for a short time and a stated reason; the person is told',
  status: 200,
  body: z.strictObject({
    user_id: publicId('usr'),
    reason: plainText(500).trim().min(10).describe('Why; the person and the audit log see it'),
  }),
  answer: z.object({ expires_at: timestamp }),
})

export const stopImpersonation = defineContract({
  id: 'admin.impersonate.stop',
  method: 'DELETE',
  path: '/api/admin/impersonate',
  summary: 'Stop acting for somebody else and go on as oneself, also when the time is over',
  status: 200,
  answer: z.object({
    returned: z.boolean().describe('false: the own session has ended, too: sign in again'),
  }),
})

export type User = z.infer<typeof user>
