// Signing in by mailed link, signing out, and who the caller is.
import { z } from 'zod'
import { defineContract, publicId, timestamp } from './contract.ts'

export const emailAddress = z.email().max(254)

export const workspaceRole = z.enum(['owner', 'admin', 'member', 'viewer'])

export const me = z.object({
  user: z.object({ id: publicId('usr'), email: z.string(), name: z.string().nullable() }).nullable(),
  workspace: z.object({
    id: publicId('ws'),
    name: z.string(),
    role: workspaceRole,
  }),
  operator: z.boolean(),
  session_expires_at: timestamp.nullable(),
})

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
  body: z.strictObject({ token: z.string().min(20).max(200), code: z.string().max(20).optional() }),
  answer: me,
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
