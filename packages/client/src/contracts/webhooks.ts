// What receivers of completion messages verify them with.
import { z } from 'zod'
import { defineContract } from './contract.ts'

export const getWebhookSecret = defineContract({
  id: 'webhooks.secret',
  method: 'GET',
  path: '/api/v1/webhook-secret',
  summary: 'The secret that signs the messages of this workspace (Standard Webhooks)',
  status: 200,
  answer: z.object({ secret: z.string().describe('whsec_ and base64') }),
})
