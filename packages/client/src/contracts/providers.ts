// Signing in at Google, Microsoft or another OpenID provider, and which of them an account is linked to.
import { z } from 'zod'
import { defineContract, plainText, publicId, timestamp } from './contract.ts'
import { isSafeReturnPath } from './return-path.ts'

export const providerId = z.enum(['google', 'microsoft', 'oidc'])

/** What the way back from a provider can end with, beside the codes of every route: `/sign-in?problem=…`. */
export const providerProblems = [
  'provider_declined',
  'provider_unavailable',
  'provider_answer_refused',
  'provider_attempt_unknown',
  'provider_attempt_used',
  'provider_attempt_expired',
  'provider_other_browser',
  'provider_email_unverified',
  'provider_account_exists',
  'provider_not_invited',
  'provider_account_closed',
  'provider_session_ended',
  'identity_taken',
] as const

const provider = z.object({ id: providerId, name: z.string() })

export const linkedIdentity = z.object({
  id: publicId('idn'),
  provider: provider,
  email: z.string().nullable().describe('As the provider told last; not the address of the account'),
  created_at: timestamp,
  last_used_at: timestamp.nullable(),
})

const params = z.strictObject({ provider: providerId })

export const getSignInMethods = defineContract({
  id: 'auth.methods',
  method: 'GET',
  path: '/api/auth/methods',
  summary: 'What the sign-in page may offer',
  status: 200,
  answer: z.object({
    magic_link: z.boolean(),
    password: z.boolean(),
    passkey: z.boolean(),
    providers: z.array(provider),
    registration: z.enum(['open', 'invited']),
    mail: z.enum(['server', 'outbox']).describe('outbox: no mail server is set, operators read mails there'),
  }),
})

export const startProviderSignIn = defineContract({
  id: 'auth.oauth.start',
  method: 'POST',
  path: '/api/auth/oauth/{provider}/start',
  summary: 'Where to send the browser to sign in at a provider, or to link an account there to one’s own',
  status: 200,
  params,
  body: z.strictObject({
    next: plainText(2_000)
      .refine(isSafeReturnPath, 'must be a path of this very origin')
      .optional()
      .describe('Where to go afterwards'),
    link: z.boolean().default(false).describe('Link to the account of this session instead of signing in'),
  }),
  answer: z.object({ authorization_url: z.url() }),
})

export const finishProviderSignIn = defineContract({
  id: 'auth.oauth.callback',
  method: 'GET',
  path: '/api/auth/oauth/{provider}/callback',
  summary: 'Where providers send browsers back to; every answer leads to a page',
  status: 303,
  params,
  query: z.object({
    state: z.string().max(200).optional(),
    code: z.string().max(4_096).optional(),
    iss: z.string().max(2_000).optional(),
    error: z.string().max(200).optional(),
  }),
})

export const listIdentities = defineContract({
  id: 'auth.identities.list',
  method: 'GET',
  path: '/api/auth/identities',
  summary: 'My accounts at providers with which I may sign in',
  status: 200,
  answer: z.object({ items: z.array(linkedIdentity) }),
})

export const unlinkIdentity = defineContract({
  id: 'auth.identities.unlink',
  method: 'DELETE',
  path: '/api/auth/identities/{id}',
  summary: 'Sign in with this account at a provider no more',
  status: 204,
  params: z.strictObject({ id: publicId('idn') }),
})

export type ProviderId = z.infer<typeof providerId>
export type ProviderProblem = (typeof providerProblems)[number]
export type LinkedIdentity = z.infer<typeof linkedIdentity>
