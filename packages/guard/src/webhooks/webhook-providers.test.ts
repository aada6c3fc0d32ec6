// Oracles: what the providers' own SDKs sign passes here, what is signed here passes there, and the examples of their
// documentation come out as printed.
import { sign as signGithub, verify as verifyGithub } from '@octokit/webhooks-methods'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { createSecret } from '../secrets/secret.ts'
import { secretOf, signedHeaders } from './deliveries-for-tests.ts'
import { signWebhook } from './standard-webhook.ts'
import { verifyDelivery } from './verify-delivery.ts'
import { type WebhookProviderName, webhookProviders } from './webhook-providers.ts'
import { createWebhookSecret } from './webhook-secrets.ts'

// SDKs read the machine's clock.
const nowMs = Date.now()
const body = '{"id":"evt_1","note":"späti ☕ \\u0000"}'
const stripe = new Stripe('sk_test_not_a_key')

function verify(
  name: WebhookProviderName,
  secret: string,
  headers: Record<string, string>,
  { text = body, at = nowMs }: { text?: string; at?: number } = {},
) {
  const provider = webhookProviders[name]
  const key = provider.keyOf(secret)
  const keys = key === undefined ? [] : [key]
  const verified = verifyDelivery({
    headers,
    body: Buffer.from(text),
    provider,
    keys,
    nowMs: at,
    toleranceMs: 300_000,
  })
  return verified.valid ? 'valid' : verified.reason
}

describe('signed by the SDKs, verified here', () => {
  it('stripe', () => {
    const secret = 'whsec_5f0b3f1d2c4e6a7b8c9d0e1f2a3b4c5d'
    const header = stripe.webhooks.generateTestHeaderString({ payload: body, secret })
    expect(verify('stripe', secret, { 'stripe-signature': header })).toBe('valid')
    // Stripe's test mode adds a second scheme, and a changed secret a second signature (docs.stripe.com/webhooks).
    const more = `${header},v1=${'0'.repeat(64)},v0=${'f'.repeat(64)}`
    expect(verify('stripe', secret, { 'stripe-signature': more })).toBe('valid')
    expect(verify('stripe', `${secret}x`, { 'stripe-signature': header })).toBe('signature_wrong')
  })

  it('svix and standardwebhooks, under both sets of header names', () => {
    const secret = createWebhookSecret()
    const date = new Date(nowMs)
    for (const sdk of [new SvixWebhook(secret), new StandardWebhook(secret)]) {
      const signature = sdk.sign('msg_1', date, body)
      const time = String(Math.floor(nowMs / 1000))
      for (const prefix of ['webhook', 'svix']) {
        const headers = {
          [`${prefix}-id`]: 'msg_1',
          [`${prefix}-timestamp`]: time,
          [`${prefix}-signature`]: signature,
        }
        expect(verify('standard-webhooks', secret, headers)).toBe('valid')
      }
    }
  })

  it('@octokit/webhooks-methods', async () => {
    const secret = secretOf('github').reveal()
    const headers = { 'x-hub-signature-256': await signGithub(secret, body) }
    expect(verify('github', secret, headers)).toBe('valid')
  })
})

describe('signed here, verified by the SDKs', () => {
  it('stripe', () => {
    const secret = secretOf('stripe')
    const headers = signedHeaders('stripe', { body, nowMs, secret })
    const event = stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret.reveal())
    expect(event.id).toBe('evt_1')
  })

  it('svix and standardwebhooks: what we send, during a change of secret with either one', () => {
    const [old, next] = [createWebhookSecret(), createWebhookSecret()]
    const headers = signWebhook({ id: 'msg_1', timestampMs: nowMs, body }, [next, old])
    for (const secret of [old, next]) {
      expect(() => new StandardWebhook(secret).verify(body, headers)).not.toThrow()
      expect(() => new SvixWebhook(secret).verify(body, headers)).not.toThrow()
    }
    const stranger = new StandardWebhook(createWebhookSecret())
    expect(() => stranger.verify(body, headers)).toThrow()
    const svix = signedHeaders('svix', { body, nowMs })
    expect(() => new SvixWebhook(secretOf('svix').reveal()).verify(body, svix)).not.toThrow()
  })

  it('@octokit/webhooks-methods', async () => {
    const secret = secretOf('github')
    const { 'x-hub-signature-256': signature = '' } = signedHeaders('github', { body, nowMs, secret })
    expect(await verifyGithub(secret.reveal(), body, signature)).toBe(true)
  })
})

describe('examples of the documentation', () => {
  it('Slack: docs.slack.dev/authentication/verifying-requests-from-slack', () => {
    const text =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    const secret = '8f742231b10e8888abcd99yyyzzz85a5'
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    }
    expect(verify('slack', secret, headers, { text, at: 1_531_420_618_000 })).toBe('valid')
    expect(verify('slack', secret, headers, { text, at: nowMs })).toBe('too_old')
    const made = signedHeaders('slack', {
      body: text,
      nowMs: 1_531_420_618_000,
      secret: createSecret(secret, { name: 'example', minimumBits: 1 }),
    })
    expect(made).toEqual(headers)
  })

  it('GitHub: docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries', () => {
    const headers = {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    }
    const text = 'Hello, World!'
    expect(verify('github', "It's a Secret to Everybody", headers, { text })).toBe('valid')
    expect(verify('github', "It's a Secret to Everybody", headers, { text: 'Hello, World?' })).toBe(
      'signature_wrong',
    )
  })

  it('Notion: developers.notion.com/reference/webhooks, step 3', () => {
    const token = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl'
    const headers = {
      'x-notion-signature': 'sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735',
    }
    expect(verify('notion', token, headers, { text: JSON.stringify({ verification_token: token }) })).toBe(
      'valid',
    )
  })

  it('Telegram: core.telegram.org/bots/api#setwebhook', () => {
    const secret = 'A-Za-z0-9_-allowed'
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    expect(verify('telegram', secret, headers)).toBe('valid')
    expect(verify('telegram', 'another-secret', headers)).toBe('secret_wrong')
  })

  it('HMAC-SHA256: RFC 4231, test case 2, as a sender of one’s own would send it', () => {
    const provider = { ...webhookProviders.hmac, headers: [{ signature: 'x-mac' }] } as const
    const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    const verified = verifyDelivery({
      headers: { 'x-mac': mac },
      body: 'what do ya want for nothing?',
      provider,
      keys: [Buffer.from('Jefe')],
      nowMs,
      toleranceMs: 1,
    })
    expect(verified.valid).toBe(true)
  })
})

it('every row says where it is documented and how far it can be trusted', () => {
  const trust = Object.entries(webhookProviders).map(([name, row]) => [name, row.trust])
  expect(Object.fromEntries(trust)).toEqual({
    stripe: 'signed-and-timed',
    slack: 'signed-and-timed',
    'standard-webhooks': 'signed-and-timed',
    github: 'signed',
    notion: 'signed',
    hmac: 'signed',
    telegram: 'shared-secret',
  })
  for (const row of Object.values(webhookProviders)) expect(row.documentation).toMatch(/^https:\/\//)
})
