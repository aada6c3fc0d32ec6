// Webhooks from others: signature, time and replay are checked on the raw bytes before the handler runs once.
import { systemClock as clock, createSecret } from '@levqor/guard'
import { createMemoryReplayStore, createWebhookReceiver } from '@levqor/guard/webhooks'
import { webhookExpress } from '@levqor/guard/webhooks/express'
import express from 'express'

const secretOf = (name: string) => {
  const text = process.env[name]
  return text === undefined ? [] : [{ secret: createSecret(text, { name }) }]
}

const webhooks = createWebhookReceiver({
  policy: { senders: { stripe: { provider: 'stripe' }, github: { provider: 'github' } } },
  // A sender without a secret has a closed door. Two secrets overlap while one is exchanged.
  secrets: { stripe: secretOf('STRIPE_WEBHOOK_SECRET'), github: secretOf('GITHUB_WEBHOOK_SECRET') },
  replayStore: createMemoryReplayStore({ clock }),
})

export const processed: string[] = []

export const app = express()
// Behind guardExpress, with a door of authentication 'webhook'; before express.json(): the bytes are what was signed.
app.post(
  '/webhooks/stripe',
  webhookExpress(webhooks, 'stripe', ({ body }) => void processed.push(body.toString())),
)
app.post(
  '/webhooks/github',
  webhookExpress(webhooks, 'github', ({ body }) => void processed.push(body.toString())),
)
