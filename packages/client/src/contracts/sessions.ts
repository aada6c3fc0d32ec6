// Where somebody is signed in: list, name, end.
import { z } from 'zod'
import { defineContract, oneLine, publicId, timestamp } from './contract.ts'
import { secondFactors, signInMethods } from './sign-in-methods.ts'

export const session = z.object({
  id: publicId('ses'),
  current: z.boolean().describe('Whether it is the one that asks'),
  device: z.string().describe('Browser and system'),
  name: z.string().nullable().describe('What its owner calls the device'),
  network: z.string().nullable().describe('Keyed pseudonym: equal for equal addresses within one month'),
  method: z.enum([...signInMethods, 'impersonation']),
  second_factor: z
    .enum(secondFactors)
    .nullable()
    .describe('What was given besides, when signing in or since then'),
  created_at: timestamp,
  last_seen_at: timestamp,
  expires_at: timestamp,
})

/** Whom a session belongs to and where it acts: all that a page shows stands or falls with it. */
export const sessionContext = z.object({
  session_id: publicId('ses'),
  user_id: publicId('usr'),
  workspace_id: publicId('ws'),
})

const params = z.strictObject({ id: publicId('ses') })

/** An operator acted for the person. */
export const operatorVisit = z.object({
  id: publicId('ses'),
  reason: z.string().describe('As the operator gave it'),
  started_at: timestamp,
  ended_at: timestamp.nullable().describe('null: it goes on'),
})

export const listSessions = defineContract({
  id: 'auth.sessions.list',
  method: 'GET',
  path: '/api/auth/sessions',
  summary:
    'My sessions that have not ended, last used first, and when operators acted for me in the last 30 days',
  status: 200,
  answer: z.object({ items: z.array(session), operator_visits: z.array(operatorVisit) }),
})

export const watchSession = defineContract({
  id: 'auth.session.watch',
  method: 'GET',
  path: '/api/auth/session',
  summary:
    'Whether this session still holds (otherwise 401), whose it is and in which workspace; does not count as a use of it',
  status: 200,
  answer: sessionContext,
})

export const nameSession = defineContract({
  id: 'auth.sessions.name',
  method: 'PATCH',
  path: '/api/auth/sessions/{id}',
  summary: 'Give the device of a session a name, or take it away',
  status: 200,
  params,
  body: z.strictObject({ name: oneLine(60).nullable() }),
  answer: session,
})

export const endSession = defineContract({
  id: 'auth.sessions.end',
  method: 'DELETE',
  path: '/api/auth/sessions/{id}',
  summary: 'End one of my sessions, wherever it is',
  status: 204,
  params,
})

export const endOtherSessions = defineContract({
  id: 'auth.sessions.end-others',
  method: 'POST',
  path: '/api/auth/sessions/end-others',
  summary: 'End all of my sessions but this one',
  status: 200,
  answer: z.object({ ended: z.number().int() }),
})

export type OperatorVisit = z.infer<typeof operatorVisit>
export type Session = z.infer<typeof session>
export type SessionContext = z.infer<typeof sessionContext>
