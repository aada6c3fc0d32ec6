import { describe, expect, it } from 'vitest'
import { createSecret } from '../secrets/secret.ts'
import { signWebhook, verifyWebhook } from './standard-webhook.ts'
import {
  createWebhookSecret,
  rotateWebhookSecret,
  secretsInForce,
  type WebhookSecret,
} from './webhook-secrets.ts'

const now = Date.UTC(2026, 0, 5, 12)
const hour = 3_600_000
const named = (text: string) => createSecret(text, { name: text.slice(0, 10) })

describe('changing the secret of what we send', () => {
  it('receivers with the old or the new one accept during the overlap; the old one not after it', () => {
    const first = createWebhookSecret()
    let secrets: readonly WebhookSecret[] = [{ secret: named(first) }]
    const headersAt = (nowMs: number) =>
      signWebhook({ id: 'msg_1', timestampMs: nowMs, body: 'x' }, secretsInForce(secrets, nowMs))
    const accepted = (secret: string, nowMs: number) =>
      verifyWebhook({ headers: headersAt(nowMs), body: 'x', secrets: secret, nowMs }).valid

    secrets = rotateWebhookSecret(secrets, { nowMs: now, overlapMs: hour })
    const second = secrets[0]?.secret.reveal() ?? ''
    expect(headersAt(now)['webhook-signature'].split(' ')).toHaveLength(2)
    expect([accepted(first, now), accepted(second, now)]).toEqual([true, true])
    expect([accepted(first, now + hour - 1), accepted(second, now + hour - 1)]).toEqual([true, true])
    expect([accepted(first, now + hour), accepted(second, now + hour)]).toEqual([false, true])
    expect(headersAt(now + hour)['webhook-signature'].split(' ')).toHaveLength(1)
  })

  it('a second change does not prolong what ends already, and leaves out what has ended', () => {
    const [a, b, c] = [createWebhookSecret(), createWebhookSecret(), createWebhookSecret()].map(named)
    if (!a || !b || !c) throw new Error('three secrets')
    const first = rotateWebhookSecret([{ secret: a }], { nowMs: now, overlapMs: hour, next: b })
    const soon = rotateWebhookSecret(first, { nowMs: now + 60_000, overlapMs: 24 * hour, next: c })
    expect(soon).toEqual([
      { secret: c, fromMs: now + 60_000 },
      { secret: b, fromMs: now, untilMs: now + 60_000 + 24 * hour },
      { secret: a, untilMs: now + hour },
    ])
    const later = rotateWebhookSecret(first, { nowMs: now + hour, next: c })
    expect(later.map(({ secret }) => secret)).toEqual([c, b])
    expect(later[1]?.untilMs).toBe(now + hour + 24 * hour)
  })

  it('secrets of 256 bits, none like another, that do not print themselves', () => {
    const texts = Array.from({ length: 100 }, createWebhookSecret)
    expect(new Set(texts).size).toBe(100)
    for (const text of texts) expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const [{ secret } = { secret: undefined }] = rotateWebhookSecret([], { nowMs: now })
    expect(JSON.stringify(secret)).toBe('"[secret webhook secret]"')
  })
})
