// API keys of a workspace: list, make (the secret is shown once), change, rotate, revoke – and report a leaked one.
import { z } from 'zod'
import { defineContract, oneLine, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'

/** What keys can be allowed to do in their workspace. */
export const workspaceScopes = [
  'jobs:read',
  'jobs:write',
  'workflows:read',
  'workflows:write',
  'api-keys:read',
  'api-keys:write',
] as const

/** What keys of operators can be allowed to do on the installation. */
export const operatorScopes = ['ops:read', 'ops:write', 'mail:read', 'users:read', 'users:write'] as const

/** Every scope there is. */
export const apiKeyScopes = [...workspaceScopes, ...operatorScopes] as const

/** Minutes for which a rotated key still holds beside its successor. */
export const overlapMinutes = [0, 15, 60, 360, 1440, 2880] as const

const mode = z
  .enum(['live', 'test'])
  .describe('Both have the same rights; a test key is told apart by people and secret scanners')

const terms = {
  name: oneLine(100),
  scopes: z
    .array(z.enum(apiKeyScopes))
    .min(1)
    .max(apiKeyScopes.length)
    .describe('What the key may do; nothing that its maker may not'),
  expires_at: timestamp.nullable().describe('null: it does not expire'),
  allowed_addresses: z
    .array(plainText(64))
    .min(1)
    .max(50)
    .nullable()
    .describe('CIDR ranges or single addresses from which the key may be used; null: from anywhere'),
}

export const apiKey = z.object({
  id: publicId('key'),
  name: z.string(),
  prefix: z.string().describe('The first characters, enough to recognise the key'),
  mode,
  scopes: z.array(z.string()),
  allowed_addresses: z.array(z.string()).nullable(),
  created_at: timestamp,
  expires_at: timestamp.nullable(),
  last_used_at: timestamp.nullable(),
  successor_id: publicId('key').nullable().describe('The key that replaces this one'),
  overlap_until: timestamp.nullable().describe('A rotated key holds until then, or until it falls silent'),
  revoked_at: timestamp.nullable(),
  revoked_reason: z
    .enum(['revoked', 'rotated', 'fell_silent', 'maker_left', 'account_closed', 'reported'])
    .nullable()
    .describe(
      'fell_silent: rotated, and nobody used it any more; maker_left: its maker is no longer a member; account_closed: nor has an open account',
    ),
})

export const createApiKeyBody = z.strictObject({
  name: terms.name,
  mode: mode.default('live'),
  scopes: terms.scopes.optional().describe('Left out: everything that its maker may do'),
  expires_at: terms.expires_at.optional().describe('Left out: none; of a key that a key makes: its own'),
  allowed_addresses: terms.allowed_addresses
    .optional()
    .describe('CIDR ranges or single addresses. Left out: from anywhere; of a key that a key makes: its own'),
})

export const changeApiKeyBody = z
  .strictObject({ name: terms.name.optional(), allowed_addresses: terms.allowed_addresses.optional() })
  .refine(
    (body) => body.name !== undefined || body.allowed_addresses !== undefined,
    'say what to change: name or allowed_addresses',
  )

export const rotateApiKeyBody = z.strictObject({
  overlap_minutes: z.literal(overlapMinutes).describe('How long the old key still holds'),
  name: terms.name.optional(),
  scopes: terms.scopes.optional(),
  expires_at: terms.expires_at.optional(),
  allowed_addresses: terms.allowed_addresses.optional(),
})

const oneKey = z.strictObject({ id: publicId('key') })

export const listApiKeys = defineContract({
  id: 'api-keys.list',
  method: 'GET',
  path: '/api/v1/api-keys',
  summary: 'List API keys, newest first',
  status: 200,
  query: z.strictObject(pageQuery),
  answer: page(apiKey),
})

export const createApiKey = defineContract({
  id: 'api-keys.create',
  method: 'POST',
  path: '/api/v1/api-keys',
  summary: 'Make an API key; its secret is in this answer only',
  status: 201,
  body: createApiKeyBody,
  answer: apiKey.extend({ secret: z.string() }),
})

export const changeApiKey = defineContract({
  id: 'api-keys.change',
  method: 'PATCH',
  path: '/api/v1/api-keys/{id}',
  summary: 'Change the name of an API key, or the addresses from which it may be used',
  status: 200,
  params: oneKey,
  body: changeApiKeyBody,
  answer: apiKey,
})

export const rotateApiKey = defineContract({
  id: 'api-keys.rotate',
  method: 'POST',
  path: '/api/v1/api-keys/{id}/rotate',
  summary: 'Make the successor of an API key; the old one holds for the chosen overlap',
  status: 201,
  params: oneKey,
  body: rotateApiKeyBody,
  answer: apiKey.extend({ secret: z.string(), replaces: apiKey.describe('The old key') }),
})

export const revokeApiKey = defineContract({
  id: 'api-keys.revoke',
  method: 'DELETE',
  path: '/api/v1/api-keys/{id}',
  summary: 'Revoke an API key at once',
  status: 200,
  params: oneKey,
  answer: apiKey,
})

export const reportApiKey = defineContract({
  id: 'api-keys.report',
  method: 'POST',
  path: '/api/v1/api-keys/report',
  summary: 'Report a leaked API key, for anybody who found one: if it is a key, it ends at once',
  status: 202,
  body: z.strictObject({ key: plainText(200).describe('The whole text of the key') }),
  answer: z.object({ status: z.literal('received') }),
})

export type ApiKey = z.infer<typeof apiKey>
export type ApiKeyScope = (typeof apiKeyScopes)[number]
export type NewApiKey = z.infer<typeof createApiKey.answer>
export type OverlapMinutes = (typeof overlapMinutes)[number]
