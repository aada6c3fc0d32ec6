// For operators: what the guard saw, who is locked out, and which protections are turned down.
import { z } from 'zod'
import { emailAddress } from './auth.ts'
import { defineContract, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'

/** Least urgent first. */
export const securitySeverities = ['info', 'notice', 'warning', 'critical'] as const
const severity = z.enum(securitySeverities)

export const securityEvent = z.object({
  id: publicId('evt'),
  time: timestamp,
  event: z.string().describe('Name in the catalogue, such as auth.failed'),
  severity,
  request_id: z.string().nullable(),
  actor_id: z.string().nullable(),
  workspace_id: z.string().nullable(),
  address: z.string().nullable().describe('Keyed pseudonym: equal for equal addresses within one month'),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const listSecurityEvents = defineContract({
  id: 'admin.security.events',
  method: 'GET',
  path: '/api/admin/security/events',
  summary: 'Security events, newest first',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    severity: severity.optional().describe('This severity or worse'),
    event: plainText(64).optional(),
    actor_id: plainText(100).optional(),
    workspace_id: plainText(100).optional(),
    address: plainText(100).optional().describe('A pseudonym as an event shows it'),
    request_id: plainText(200).optional(),
    from: timestamp.optional(),
    to: timestamp.optional().describe('Exclusive'),
  }),
  answer: page(securityEvent),
})

export const getSecuritySummary = defineContract({
  id: 'admin.security.summary',
  method: 'GET',
  path: '/api/admin/security/summary',
  summary: 'Protections that are turned down, where limits are counted, and how often each event happened',
  status: 200,
  answer: z.object({
    protections: z.array(z.object({ name: z.string(), mode: z.enum(['enforce', 'observe', 'off']) })),
    limits: z.enum(['memory', 'redis']).describe('memory: each process counts for itself'),
    events_dropped: z.number().int().describe('Lost since the start because a destination was too slow'),
    last_24_hours: z.array(z.object({ event: z.string(), severity, count: z.number().int() })),
    penalties: z.array(
      z.object({ address: z.string(), level: z.number().int(), blocked: z.boolean(), until: timestamp }),
    ),
  }),
})

const lockoutKind = z.enum(['account', 'account-address', 'device', 'address', 'global'])

export const lockout = z.object({
  id: z.string().describe('Opaque; names the counter without naming the person'),
  counts: lockoutKind.describe('Whose failures are counted'),
  failures: z.number().int(),
  locks: z.number().int().describe('Locks in a row; each is longer than the one before'),
  locked_until: timestamp.nullable(),
  changed_at: timestamp,
})

export const listLockouts = defineContract({
  id: 'admin.lockouts',
  method: 'GET',
  path: '/api/admin/lockouts',
  summary: 'Counters of failed sign-ins, last changed first',
  status: 200,
  query: z.strictObject({ ...pageQuery, locked: z.enum(['true', 'false']).optional() }),
  answer: page(lockout),
})

export const unlock = defineContract({
  id: 'admin.lockouts.unlock',
  method: 'POST',
  path: '/api/admin/lockouts/unlock',
  summary: 'Forget failed sign-ins: one counter, or those of an account, and of its owner’s address',
  status: 200,
  body: z
    .strictObject({
      id: plainText(200).optional().describe('A counter of the list'),
      account: emailAddress.optional(),
      address: z
        .union([z.ipv4(), z.ipv6()])
        .optional()
        .describe('With account: where its owner is; guesses from elsewhere stay locked'),
    })
    .refine((body) => (body.id === undefined) !== (body.account === undefined), 'give either id or account')
    .refine((body) => body.address === undefined || body.account !== undefined, 'address needs account'),
  answer: z.object({
    unlocked: z.array(lockoutKind).describe('What was locked until now; empty: nothing was'),
  }),
})

export type SecurityEvent = z.infer<typeof securityEvent>
export type SecuritySummary = z.infer<(typeof getSecuritySummary)['answer']>
export type Lockout = z.infer<typeof lockout>
