import { describe, expect, it } from 'vitest'
import { checkPolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { createSecret } from '../secrets/secret.ts'
import { createWebhookReceiver } from './create-webhook-receiver.ts'
import { policy, secretOf } from './deliveries-for-tests.ts'
import { createMemoryReplayStore } from './memory-replay-store.ts'
import { checkWebhookPolicy, type WebhookPolicy, type WebhookSender } from './webhook-policy.ts'

const day = 86_400_000

function problemsOf(changed: object): string[] {
  // Policies as somebody without a compiler would write them.
  const problems = checkWebhookPolicy({ ...policy, ...changed } as WebhookPolicy, 'webhooks')
  for (const { fix } of problems) expect(fix.length).toBeGreaterThan(10)
  return problems.map(({ code, path }) => `${code} ${path}`)
}
const problemsOfSender = (sender: object) => problemsOf({ senders: { x: sender as WebhookSender } })

describe('a policy for webhooks', () => {
  it('that can work has no problem, at every edge', () => {
    expect(problemsOf({})).toEqual([])
    expect(
      problemsOf({ toleranceMs: 1_000, timedMemoryMs: 62_000, claimLeaseMs: 1_000, untimedMemoryMs: day }),
    ).toEqual([])
    expect(
      problemsOf({ toleranceMs: 3_600_000, timedMemoryMs: 366 * day, untimedMemoryMs: 366 * day }),
    ).toEqual([])
    expect(problemsOf({ withoutSecret: 'open-in-development' })).toEqual([])
    expect(problemsOfSender({ provider: 'github', maxBodyBytes: 67_108_864 })).toEqual([])
    expect(
      problemsOfSender({ provider: 'hmac', header: 'x-a', prefix: 'p='.repeat(16), encoding: 'hex' }),
    ).toEqual([])
  })

  it.each([
    [{ toleranceMs: 0 }, 'webhook_duration webhooks.toleranceMs'],
    [{ toleranceMs: 3_600_001 }, 'webhook_duration webhooks.toleranceMs'],
    [{ toleranceMs: -300_000 }, 'webhook_duration webhooks.toleranceMs'],
    [{ toleranceMs: Number.NaN }, 'webhook_duration webhooks.toleranceMs'],
    [{ claimLeaseMs: 999 }, 'webhook_duration webhooks.claimLeaseMs'],
    [{ claimLeaseMs: Infinity }, 'webhook_duration webhooks.claimLeaseMs'],
    [{ untimedMemoryMs: day - 1 }, 'webhook_duration webhooks.untimedMemoryMs'],
    [{ untimedMemoryMs: 1.5 * day + 0.5 }, 'webhook_duration webhooks.untimedMemoryMs'],
    [{ timedMemoryMs: 659_999 }, 'webhook_memory_short webhooks.timedMemoryMs'],
    [{ withoutSecret: 'open' }, 'webhook_without_secret webhooks.withoutSecret'],
  ])('%j: %s', (changed, problem) => {
    expect(problemsOf(changed)).toEqual([problem])
  })

  it.each([
    [{ provider: 'paypal' }, 'webhook_provider webhooks.senders.x.provider'],
    [{ provider: 'constructor' }, 'webhook_provider webhooks.senders.x.provider'],
    [{ provider: 'github', maxBodyBytes: 0 }, 'webhook_body_size webhooks.senders.x.maxBodyBytes'],
    [{ provider: 'github', maxBodyBytes: 67_108_865 }, 'webhook_body_size webhooks.senders.x.maxBodyBytes'],
    [{ provider: 'hmac', header: 'X-Sig', encoding: 'hex' }, 'webhook_header webhooks.senders.x.header'],
    [{ provider: 'hmac', header: 'a b', encoding: 'hex' }, 'webhook_header webhooks.senders.x.header'],
    [{ provider: 'hmac', encoding: 'hex' }, 'webhook_header webhooks.senders.x.header'],
    [{ provider: 'hmac', header: 'x', encoding: 'utf8' }, 'webhook_encoding webhooks.senders.x.encoding'],
    [
      { provider: 'hmac', header: 'x', encoding: 'hex', prefix: 'a b' },
      'webhook_prefix webhooks.senders.x.prefix',
    ],
  ])('the sender %j: %s', (sender, problem) => {
    expect(problemsOfSender(sender)).toEqual([problem])
  })

  it.each(['', 'Stripe', 'a b', '-a', '1a', 'x'.repeat(65)])('the sender name %j is refused', (name) => {
    expect(problemsOf({ senders: { [name]: { provider: 'github' } } })).toEqual([
      `webhook_sender_name webhooks.senders.${name}`,
    ])
  })

  it('is checked with the whole policy', () => {
    const whole: Policy = {
      doors: {
        unmatched: { authentication: 'none', strangers: [], unlimited: 'test', onStoreFailure: 'deny' },
      },
      unmatched: 'unmatched',
      credentialGuesses: { name: 'guesses', by: 'address', quota: 1, windowMs: 1000 },
      clientAddress: { trustedProxies: [] },
      browser: { origins: [] },
      transport: { plainHttp: 'allow' },
      webhooks: { ...policy, toleranceMs: 0 },
    }
    expect(checkPolicy(whole).map(({ path }) => path)).toEqual(['webhooks.toleranceMs'])
  })
})

describe('a receiver that cannot work', () => {
  it('is refused with every problem of policy and secrets at once, and without any secret’s text', () => {
    const replayStore = createMemoryReplayStore({ clock: { now: Date.now } })
    const weak = createSecret('not-a-standard-secret-0xA7f3', { name: 'standard', minimumBits: 1 })
    const short = createSecret('seven77', { name: 'github', minimumBits: 1 })
    const secrets = {
      standard: [{ secret: weak }],
      github: [{ secret: short }],
      telegram: [{ secret: createSecret('has spaces and ümlauts', { name: 'telegram', minimumBits: 1 }) }],
      stripe: Array.from({ length: 6 }, () => ({ secret: secretOf('stripe') })),
      slack: [{ secret: secretOf('slack'), fromMs: 2_000, untilMs: 2_000 }],
      strange: [],
    }
    let error: unknown
    try {
      createWebhookReceiver({ policy: { ...policy, claimLeaseMs: 0 }, secrets, replayStore })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      code: 'bad_webhook_policy',
      details: [
        { code: 'webhook_duration', path: 'webhooks.claimLeaseMs' },
        { code: 'webhook_sender_unknown', path: 'secrets.strange' },
        { code: 'webhook_secrets_many', path: 'secrets.stripe' },
        { code: 'webhook_secret_window', path: 'secrets.slack[0]' },
        { code: 'webhook_secret_form', path: 'secrets.standard[0]' },
        { code: 'webhook_secret_form', path: 'secrets.github[0]' },
        { code: 'webhook_secret_form', path: 'secrets.telegram[0]' },
      ],
    })
    const { message } = error as Error // it was thrown above
    for (const text of [weak, short]) expect(message).not.toContain(text.reveal())
  })

  it('an unknown provider does not hide the other problems', () => {
    const senders = {
      x: { provider: 'paypal' },
      github: { provider: 'github' },
    } as unknown as WebhookPolicy['senders'] // as written without a compiler
    const secrets = { github: [{ secret: secretOf('github'), fromMs: 2, untilMs: 1 }] }
    const replayStore = createMemoryReplayStore({ clock: { now: Date.now } })
    expect(() => createWebhookReceiver({ policy: { senders }, secrets, replayStore })).toThrow(
      /senders\.x\.provider = "paypal": webhook_provider[\s\S]*secrets\.github\[0\]: webhook_secret_window/,
    )
  })
})
