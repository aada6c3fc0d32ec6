import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signWebhook, verifyWebhook } from './standard-webhook.ts'
import { createWebhookSecret } from './webhook-secrets.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampMs: 1_614_265_330_000,
  body: '{"test": 2432232314}',
}
const nowMs = message.timestampMs

describe('Standard Webhooks signatures', () => {
  it('gives the vector of the specification', () => {
    expect(signWebhook(message, secret)).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('verifies what was signed, on text and on bytes', () => {
    const headers = signWebhook(message, secret)
    const expected = { valid: true, id: message.id, timestampMs: nowMs }
    expect(verifyWebhook({ headers, body: message.body, secrets: secret, nowMs })).toEqual(expected)
    const body = Buffer.from(message.body)
    expect(verifyWebhook({ headers, body, secrets: [secret], nowMs })).toEqual(expected)
  })

  it('any flipped bit of any body fails, invalid UTF-8 included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (body, position) => {
        const headers = signWebhook({ ...message, body }, secret)
        expect(verifyWebhook({ headers, body, secrets: secret, nowMs }).valid).toBe(true)
        const changed = Uint8Array.from(body)
        const at = (position >> 3) % body.length
        changed[at] = (changed[at] ?? 0) ^ (1 << (position & 7))
        expect(verifyWebhook({ headers, body: changed, secrets: secret, nowMs }).valid).toBe(false)
      }),
      { seed: 7 },
    )
  })

  it('old and new secret both pass during a rotation, only the new one after it', () => {
    const next = createWebhookSecret()
    const during = signWebhook(message, [next, secret])
    const check = (headers: typeof during, secrets: string) =>
      verifyWebhook({ headers, body: message.body, secrets, nowMs }).valid
    expect([check(during, secret), check(during, next)]).toEqual([true, true])
    const after = signWebhook(message, next)
    expect([check(after, secret), check(after, next)]).toEqual([false, true])
    expect(verifyWebhook({ headers: after, body: message.body, secrets: [secret, next], nowMs }).valid).toBe(
      true,
    )
  })

  it.each([
    [300_000, true, undefined],
    [301_000, false, 'too_old'],
    [-300_000, true, undefined],
    [-301_000, false, 'too_new'],
  ])('%d ms after the signed time: %s', (offset, valid, reason) => {
    const headers = signWebhook(message, secret)
    const verdict = verifyWebhook({ headers, body: message.body, secrets: secret, nowMs: nowMs + offset })
    expect(verdict.valid).toBe(valid)
    if (!verdict.valid) expect(verdict.reason).toBe(reason)
  })

  it.each([
    [{ 'webhook-id': undefined }, 'header_missing'],
    [{ 'webhook-signature': ['a', 'b'] }, 'header_repeated'],
    [{ 'webhook-timestamp': '1e9' }, 'timestamp_bad'],
    [{ 'webhook-timestamp': '01614265330' }, 'timestamp_bad'],
    [{ 'webhook-id': '' }, 'header_missing'],
    [{ 'webhook-id': 'two words' }, 'id_bad'],
    [{ 'webhook-id': 'ü' }, 'id_bad'],
    [{ 'webhook-id': 'x'.repeat(257) }, 'id_bad'],
    [{ 'webhook-id': 'other' }, 'signature_wrong'],
    [{ 'webhook-timestamp': '1614265331' }, 'signature_wrong'],
    [{ 'webhook-signature': '' }, 'header_missing'],
    [{ 'webhook-signature': 'v1,' }, 'signature_malformed'],
    [{ 'webhook-signature': 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, 'signature_malformed'],
    [{ 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=' }, 'signature_wrong'],
    [{ 'webhook-signature': 'v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, 'signature_wrong'],
    [
      { 'webhook-signature': `${'v1,x '.repeat(16)}v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=` },
      'signature_malformed',
    ],
  ])('%j is refused: %s', (changed, reason) => {
    const headers = { ...signWebhook(message, secret), ...changed }
    expect(verifyWebhook({ headers, body: message.body, secrets: secret, nowMs })).toEqual({
      valid: false,
      reason,
    })
  })

  it('a message cannot be read as another one by moving a dot', () => {
    const key = Buffer.from(secret.slice(6), 'base64')
    const seconds = Math.floor(nowMs / 1000)
    const signature = createHmac('sha256', key).update(`msg.${seconds}.${seconds}.inner`).digest('base64')
    const headers = {
      'webhook-id': `msg.${seconds}`,
      'webhook-timestamp': `${seconds}`,
      'webhook-signature': `v1,${signature}`,
    }
    expect(verifyWebhook({ headers, body: 'inner', secrets: secret, nowMs })).toEqual({
      valid: false,
      reason: 'id_bad',
    })
    expect(() => signWebhook({ ...message, id: 'a.b' }, secret)).toThrow(RangeError)
  })

  it.each([
    ['whsec_'],
    ['whsec_c2hvcnQ='],
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['whsec_not base64 at all, but long'],
  ])('the secret %j is refused without being repeated', (bad) => {
    expect(() => signWebhook(message, bad)).toThrow(/^A webhook secret is whsec_ and/)
  })
})
