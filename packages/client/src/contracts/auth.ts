// Signing in by mailed link, signing out, and who the caller is.
import { z } from 'zod'
import { defineContract, plainText, publicId, timestamp } from './contract.ts'
import { secondFactors } from './sign-in-methods.ts'

export const emailAddress = z.email().max(254)

export const workspaceRole = z.enum(['owner', 'admin', 'member', 'viewer'])

export const me = z.object({
  user: z
    .object({
      id: publicId('usr'),
      email: z.string(),
      name: z.string().nullable(),
      locale: z.string().nullable(),
      currency: z.string().nullable(),
      has_password: z.boolean(),
      deletion_due_at: timestamp.nullable().describe('The account closes then, unless that is undone'),
    })
    .nullable(),
  workspace: z.object({
    id: publicId('ws'),
    name: z.string(),
    role: workspaceRole,
  }),
  operator: z.boolean(),
  session_expires_at: timestamp.nullable(),
  impersonation: z
    .object({ by: z.string(), reason: z.string(), expires_at: timestamp })
    .nullable()
    .describe('An operator, by their address, acts for this person'),
})

/** For programs that sign in as a person: with it they hold what a browser's cookies would. */
export const bearerTokens = me.extend({
  access_token: z.string().describe('Authorization: Bearer …'),
  refresh_token: z.string().describe('Renews both, once; a second use of it ends the session'),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().describe('Seconds until the access token must be renewed'),
})

export const transport = z
  .literal('bearer')
  .optional()
  .describe('For programs: tokens in the answer instead of cookies')

/** A password or a link was right, and this account asks for more: the browser holds a cookie that says so. */
export const secondFactorNeeded = z.object({
  second_factor: z.object({
    methods: z.array(z.enum(secondFactors)),
    expires_at: timestamp,
    first_factor: z.string().optional().describe('For programs, in the place of the cookie'),
  }),
})

/** What every way to sign in answers. */
export const signInAnswer = z.union([
  bearerTokens.describe('with "transport": "bearer", for programs'),
  me.describe('in browsers, with the session in a cookie'),
  secondFactorNeeded.describe('the account has two-step sign-in; nobody is signed in yet'),
])

export const requestMagicLink = defineContract({
  id: 'auth.magic-link',
  method: 'POST',
  path: '/api/auth/magic-link',
  summary: 'Mail a sign-in link; the answer is the same whether the address is known or not',
  status: 202,
  body: z.strictObject({ email: emailAddress }),
  answer: z.object({ status: z.literal('sent') }),
})

export const verifyMagicLink = defineContract({
  id: 'auth.magic-link.verify',
  method: 'POST',
  path: '/api/auth/magic-link/verify',
  summary: 'Sign in with the token of a mailed link, or with the code of the same mail in another browser',
  status: 200,
  body: z.strictObject({
    token: plainText(200).min(20),
    code: plainText(20).min(1).optional(),
    transport,
  }),
  answer: signInAnswer,
})

export const refreshSession = defineContract({
  id: 'auth.refresh',
  method: 'POST',
  path: '/api/auth/refresh',
  summary:
    'Renew a session made of tokens, by its cookie or the token in the body; of an opaque one, tell until when it holds',
  status: 200,
  body: z.strictObject({ refresh_token: plainText(200).min(1).optional() }).optional(),
  answer: z.union([
    bearerTokens.describe('when the token came in the body, for programs'),
    me.describe('when it came in a cookie'),
  ]),
})

export const logout = defineContract({
  id: 'auth.logout',
  method: 'POST',
  path: '/api/auth/logout',
  summary: 'End the session',
  status: 204,
})

export const getMe = defineContract({
  id: 'auth.me',
  method: 'GET',
  path: '/api/auth/me',
  summary: 'Who is signed in, and in which workspace',
  status: 200,
  answer: me,
})

export type Me = z.infer<typeof me>
export type BearerTokens = z.infer<typeof bearerTokens>
export type SignInAnswer = z.infer<typeof signInAnswer>
