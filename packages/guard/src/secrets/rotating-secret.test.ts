import { format } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createRotatingSecret, readRotatingSecret } from './rotating-secret.ts'

const current = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'
const old = 'Xz9Vo2Ri4Wf6Qp8M1aH3dG5eU7bJ0nT2xK4sL6wC8yV1'
const untilMs = Date.parse('2027-01-31T12:00:00Z')

describe('a secret in rotation', () => {
  it('signs with the new one and accepts the old one until its end, to the millisecond', () => {
    const secret = createRotatingSecret({ name: 'KEY', current, previous: { text: old, untilMs } })
    const accepted = (nowMs: number) => secret.accepted(nowMs).map((it) => it.reveal())
    expect(secret.current.reveal()).toBe(current)
    expect(accepted(untilMs - 1)).toEqual([current, old])
    expect(accepted(untilMs)).toEqual([current])
  })

  it('without a previous one there is one slot', () => {
    const secret = createRotatingSecret({ name: 'KEY', current })
    expect(secret.accepted(0).map(({ name }) => name)).toEqual(['KEY'])
  })

  it('is read from three variables', () => {
    const env = { KEY: current, KEY_PREVIOUS: old, KEY_PREVIOUS_UNTIL: '2027-01-31T12:00:00Z' }
    const secret = readRotatingSecret(env, 'KEY')
    expect(secret.accepted(untilMs - 1).map(({ name }) => name)).toEqual(['KEY', 'KEY_PREVIOUS'])
    expect(secret.accepted(untilMs).length).toBe(1)
    expect(readRotatingSecret({ KEY: current, KEY_PREVIOUS: '' }, 'KEY').accepted(0).length).toBe(1)
  })

  it.each([
    [{}, ['secret_weak']],
    [{ KEY: 'changeme' }, ['secret_weak']],
    [
      { KEY: 'changeme', KEY_PREVIOUS: 'changeme' },
      ['secret_weak', 'secret_weak', 'secret_unchanged', 'secret_without_end'],
    ],
    [{ KEY: current, KEY_PREVIOUS: old }, ['secret_without_end']],
    [{ KEY: current, KEY_PREVIOUS: old, KEY_PREVIOUS_UNTIL: 'soon' }, ['secret_without_end']],
  ])('%j is refused with every problem, none of which repeats a text', (env, codes) => {
    let thrown: unknown
    try {
      readRotatingSecret(env, 'KEY')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'weak_secret', details: codes.map((code) => ({ code })) })
    expect(format('%o', thrown)).not.toMatch(/changeme|q8Zr1v|Xz9Vo2/)
  })

  it('the least entropy is adjustable for both', () => {
    const options = { minimumBits: 20 }
    expect(readRotatingSecret({ PIN: 'x8#kQ2!vLp' }, 'PIN', options).current.reveal()).toBe('x8#kQ2!vLp')
  })

  it('shows names wherever it is printed', () => {
    const secret = createRotatingSecret({ name: 'KEY', current, previous: { text: old, untilMs } })
    const error = new Error('failed', { cause: { secret, all: secret.accepted(0) } })
    const texts = [
      format('%s %o %O %j', secret, secret, secret, secret),
      JSON.stringify(secret),
      format(error),
    ]
    for (const text of texts) {
      expect(text).not.toMatch(/q8Zr1v|Xz9Vo2/)
      expect(text).toContain('KEY')
    }
  })
})
