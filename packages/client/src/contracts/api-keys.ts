// API keys of a workspace: list, make (the secret is shown once), revoke.
import { z } from 'zod'
import { defineContract, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'

export const apiKey = z.object({
  id: publicId('key'),
  name: z.string(),
  prefix: z.string().describe('The first characters, enough to recognise the key'),
  created_at: timestamp,
  last_used_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
})

export const createApiKeyBody = z.strictObject({ name: plainText(100).trim().min(1) })

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

export const revokeApiKey = defineContract({
  id: 'api-keys.revoke',
  method: 'DELETE',
  path: '/api/v1/api-keys/{id}',
  summary: 'Revoke an API key at once',
  status: 200,
  params: z.strictObject({ id: publicId('key') }),
  answer: apiKey,
})

export type ApiKey = z.infer<typeof apiKey>
export type NewApiKey = z.infer<typeof createApiKey.answer>
