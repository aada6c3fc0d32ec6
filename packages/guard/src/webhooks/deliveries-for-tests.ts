// Deliveries of every provider, signed here by hand on raw bytes: the SDKs can only sign text.
import { createHmac } from 'node:crypto'
import { createSecret, type Secret } from '../secrets/secret.ts'
import type { WebhookPolicy } from './webhook-policy.ts'

/** One sender of each kind. */
export const policy = {
  senders: {
    stripe: { provider: 'stripe' },
    slack: { provider: 'slack' },
    standard: { provider: 'standard-webhooks' },
    svix: { provider: 'standard-webhooks' },
    github: { provider: 'github' },
    notion: { provider: 'notion' },
    telegram: { provider: 'telegram' },
    partner: { provider: 'hmac', header: 'x-partner-signature', encoding: 'base64' },
    other: { provider: 'hmac', header: 'x-signature', prefix: 'sha256=', encoding: 'hex' },
  },
} as const satisfies WebhookPolicy

export type SenderName = keyof typeof policy.senders

export const senderNames: readonly SenderName[] = [
  'stripe',
  'slack',
  'standard',
  'svix',
  'github',
  'notion',
  'telegram',
  'partner',
  'other',
]

/** Those that sign their body. */
export const signing = senderNames.filter((name) => name !== 'telegram')
/** Those that sign a time. */
export const timed: readonly SenderName[] = ['stripe', 'slack', 'standard', 'svix']

/** Secrets of the right form, by sender and generation. */
export function secretOf(sender: SenderName, generation: 'old' | 'new' = 'old'): Secret {
  const bytes = createHmac('sha256', generation).update(sender).digest()
  const text =
    sender === 'standard' || sender === 'svix'
      ? `whsec_${bytes.toString('base64')}`
      : bytes.toString('base64url')
  return createSecret(text, { name: `${sender} ${generation}` })
}

export interface DeliveryFacts {
  readonly body: string | Uint8Array
  readonly nowMs: number
  readonly secret?: Secret
  readonly id?: string
}

/** The headers that a sender puts on a body. */
export function signedHeaders(sender: SenderName, facts: DeliveryFacts): Record<string, string> {
  const { body, nowMs, id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W' } = facts
  const secret = (facts.secret ?? secretOf(sender)).reveal()
  const time = String(Math.floor(nowMs / 1000))
  const mac = (before: string, encoding: 'hex' | 'base64', key: string | Buffer = secret) =>
    createHmac('sha256', key).update(before).update(body).digest(encoding)
  const standard = (prefix: string) => ({
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: time,
    [`${prefix}-signature`]: `v1,${mac(`${id}.${time}.`, 'base64', Buffer.from(secret.slice(6), 'base64'))}`,
  })
  switch (sender) {
    case 'stripe':
      return { 'stripe-signature': `t=${time},v1=${mac(`${time}.`, 'hex')}` }
    case 'slack':
      return {
        'x-slack-request-timestamp': time,
        'x-slack-signature': `v0=${mac(`v0:${time}:`, 'hex')}`,
      }
    case 'standard':
      return standard('webhook')
    case 'svix':
      return standard('svix')
    case 'github':
      return {
        'x-hub-signature-256': `sha256=${mac('', 'hex')}`,
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        'x-github-event': 'issues',
      }
    case 'notion':
      return { 'x-notion-signature': `sha256=${mac('', 'hex')}` }
    case 'telegram':
      return { 'x-telegram-bot-api-secret-token': secret }
    case 'partner':
      return { 'x-partner-signature': mac('', 'base64') }
    case 'other':
      return { 'x-signature': `sha256=${mac('', 'hex')}` }
  }
}

/** Names of the headers that a sender's proof covers. */
export const provenHeaders: Readonly<Record<SenderName, readonly string[]>> = {
  stripe: ['stripe-signature'],
  slack: ['x-slack-request-timestamp', 'x-slack-signature'],
  standard: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  svix: ['svix-id', 'svix-timestamp', 'svix-signature'],
  github: ['x-hub-signature-256'],
  notion: ['x-notion-signature'],
  telegram: ['x-telegram-bot-api-secret-token'],
  partner: ['x-partner-signature'],
  other: ['x-signature'],
}
