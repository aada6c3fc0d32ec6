// The secret that signs completion messages and `webhook.send` of the workspace.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getWebhookSecret = defineVerb({
  name: 'webhooks.secret',
  kind: 'read',
  // Whoever holds it can sign as this workspace, for good.
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write', impersonated: 'refused' },
  input: z.object({}),
  run: async ({ services, workspaceId }) => ({ secret: services.webhookSecret(workspaceId) }),
})
