// webhook.send: a signed message to a partner (Standard Webhooks) through the guard's egress.

import { defineConnector } from './connector.ts'
import { sendWebhook } from './send-webhook.ts'

interface Input {
  readonly url: string
  readonly type: string
  readonly data: unknown
  readonly timeoutMs?: number
}

export const webhookSend = defineConnector<Input>({
  id: 'webhook.send',
  title: 'Send webhook',
  description:
    'Posts { type, timestamp, data }, signed with the secret of the workspace as Standard Webhooks describes. The webhook-id is the same for every try, so that the receiver can drop repetitions.',
  effect: 'keyed',
  parameters: {
    type: 'object',
    required: ['url', 'type', 'data'],
    additionalProperties: false,
    properties: {
      url: { type: 'string', format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' },
      type: {
        type: 'string',
        pattern: '^[A-Za-z0-9_.-]{1,100}$',
        description: 'What happened, such as report.ready.',
      },
      data: { description: 'Any JSON.' },
      timeoutMs: { type: 'integer', minimum: 100, maximum: 60_000, description: 'Default 15,000.' },
    },
  },
  result: { status: 'The status of the answer, 200 to 299.', id: 'The webhook-id that was sent.' },
  async run(context, { url, type, data, timeoutMs }) {
    const id = `msg_${context.jobId}_${context.stepId}`
    const message = { id, type, occurredAt: context.jobStartedAt, data }
    return { output: await sendWebhook(context, url, message, timeoutMs) }
  },
})
