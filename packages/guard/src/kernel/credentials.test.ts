// Which credential opens which door, where it may stand, and what happens when nobody can say whether it still holds.
import { describe, expect, it } from 'vitest'
import { guardError } from '../errors.ts'
import type { DoorRule } from '../policy/policy.ts'
import { guardForTests, testActors, testDoors } from './guard-for-tests.ts'
import type { Actor } from './identity.ts'

const foreign = {
  method: 'POST',
  headers: { cookie: 'a=b', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
}
const foreignWithHeader = { ...foreign, headers: { ...foreign.headers, authorization: 'Bearer x' } }

describe('doors and credentials', () => {
  const opened: Record<string, readonly (keyof typeof testActors)[]> = {
    session: ['session', 'cookieToken', 'bearerToken'],
    key: ['key'],
    both: ['key', 'session', 'cookieToken', 'bearerToken'],
    optional: ['key', 'session', 'cookieToken', 'bearerToken'],
    link: ['link'],
  }
  const kinds = Object.keys(testActors) as (keyof typeof testActors)[] // keys of that very table
  for (const [door, accepted] of Object.entries(opened)) {
    for (const kind of kinds) {
      const fits = accepted.includes(kind)
      it(`${door}: ${kind} ${fits ? 'opens it' : 'does not'}`, async () => {
        const { ask } = guardForTests()
        expect((await ask(door, testActors[kind])).reason).toBe(fits ? 'allowed' : 'credential_unsuitable')
      })
    }
  }

  it('a credential of the wrong kind or without the scope costs what a right one does', async () => {
    const actors = [{ name: 'few', by: 'credential', quota: 2, windowMs: 60_000 }] as const
    const doors = {
      open: testDoors.open,
      key: { ...testDoors.key, actors, scopes: ['a:write'] },
    } as const satisfies Record<string, DoorRule>
    const { ask } = guardForTests({ policy: { doors } })
    const ofKey: Actor = { ...testActors.key, scopes: ['a:read'] }
    const times = async (actor: Actor) => [
      (await ask('key', actor)).reason,
      (await ask('key', actor)).reason,
      (await ask('key', actor)).reason,
    ]
    expect(await times(ofKey)).toEqual(['scope_missing', 'scope_missing', 'rate_limited'])
    expect(await times(testActors.session)).toEqual([
      'credential_unsuitable',
      'credential_unsuitable',
      'rate_limited',
    ])
  })
})

describe('where a credential stood', () => {
  it('a token by cookie must show its origin, one in a header need not', async () => {
    const { ask } = guardForTests()
    for (const door of ['session', 'both', 'optional']) {
      expect((await ask(door, testActors.cookieToken, foreignWithHeader)).reason).toBe('origin_denied')
      expect((await ask(door, testActors.bearerToken, foreignWithHeader)).reason).toBe('allowed')
      expect((await ask(door, testActors.cookieToken, foreign)).reason).toBe('origin_denied')
    }
  })

  it('an invented header does not hide where a sign-in came from', async () => {
    const { ask } = guardForTests()
    for (const door of ['open', 'link']) {
      expect((await ask(door, testActors.link, foreignWithHeader)).reason).toBe('origin_denied')
    }
  })

  it('a token that does not say where it stood counts as a cookie', async () => {
    const { ask } = guardForTests()
    const token: Actor = { kind: 'user', id: 'usr_1', via: 'token' }
    expect((await ask('session', token, foreignWithHeader)).reason).toBe('origin_denied')
    expect((await ask('session', testActors.session, foreignWithHeader)).reason).toBe('origin_denied')
    expect((await ask('both', testActors.key, foreignWithHeader)).reason).toBe('allowed')
  })
})

describe('doors for webhooks', () => {
  it('ask nobody who they are, whatever is shown, and do not care where a request comes from', async () => {
    const { ask } = guardForTests()
    const never = new Error('nobody is asked')
    expect((await ask('webhook', never, foreignWithHeader)).reason).toBe('allowed')
    expect((await ask('webhook', never, { method: 'POST' })).reason).toBe('allowed')
  })

  it('charge strangers’ limits', async () => {
    const strangers = [{ name: 'few', by: 'address', quota: 1, windowMs: 60_000 }] as const
    const doors = { open: testDoors.open, webhook: { ...testDoors.webhook, strangers } } as const
    const { ask } = guardForTests({ policy: { doors } })
    expect((await ask('webhook', undefined)).reason).toBe('allowed')
    expect((await ask('webhook', undefined)).reason).toBe('rate_limited')
  })

  it('refuse plain HTTP like all others', async () => {
    const transport = { plainHttp: 'require-https', publicOrigin: 'https://app.example' } as const
    const { ask } = guardForTests({ policy: { transport } })
    expect((await ask('webhook', undefined, { method: 'POST' })).reason).toBe('https_required')
  })
})

describe('when nobody can say whether a credential still holds', () => {
  const gone = guardError('store_unreachable', 'Neither the bus nor the store can say.')
  const unverified = { outcome: 'unverified', actor: testActors.session } as const
  const post = { method: 'POST', headers: { origin: 'https://app.example' } }

  it('whatever changes something is refused, whatever the door says', async () => {
    const { ask } = guardForTests()
    for (const door of ['both', 'strict', 'optional', 'session']) {
      for (const who of [gone, unverified]) {
        const { outcome, reason, retryAfterMs } = await ask(door, who, post)
        expect([outcome, reason, retryAfterMs]).toEqual(['deny', 'credential_unverifiable', 1000])
      }
    }
  })

  it('reading follows the door: refused, or let pass and said so', async () => {
    const { ask } = guardForTests()
    expect((await ask('strict', unverified)).reason).toBe('credential_unverifiable')
    expect(await ask('both', unverified)).toMatchObject({
      outcome: 'degrade',
      reason: 'credential_unverifiable',
      actor: testActors.session,
    })
  })

  it('somebody unknown only passes where strangers do', async () => {
    const { ask } = guardForTests()
    expect((await ask('both', gone)).reason).toBe('credential_unverifiable')
    const { outcome, actor } = await ask('optional', gone)
    expect([outcome, actor]).toEqual(['degrade', undefined])
  })

  it('the same when it turns out later', async () => {
    const { guard, open } = guardForTests()
    const later = await guard.pass(open('both'), () => Promise.reject(gone), undefined)
    expect(later.reason).toBe('credential_unverifiable')
  })

  it('is told once, and its end once, when credentials have been decided for a while', async () => {
    const { ask, names, clock } = guardForTests()
    for (let i = 0; i < 5; i++) await ask('both', unverified)
    expect(names()).toEqual(['identity.store_failed'])
    // Remembered credentials go on being decided in between.
    await ask('both', testActors.key)
    expect(names()).toEqual(['identity.store_failed'])
    clock.advance(5000)
    await ask('both', { outcome: 'invalid' })
    await ask('both', testActors.key)
    expect(names().filter((name) => name.startsWith('identity'))).toEqual([
      'identity.store_failed',
      'identity.store_recovered',
    ])
  })

  it('any other error is the application’s, and nothing passes', async () => {
    const { ask, guard, open } = guardForTests()
    await expect(ask('both', new Error('broken'))).rejects.toThrow('broken')
    const rejected = guard.pass(open('both'), () => Promise.reject('text'), undefined)
    await expect(rejected).rejects.toBe('text')
    const nothing = guard.pass(open('both'), () => Promise.reject(null), undefined)
    await expect(nothing).rejects.toBe(null)
  })
})

describe('refused credentials of one address', () => {
  const few = { name: 'guesses', by: 'address', quota: 3, windowMs: 60_000 } as const

  it('above their number the next is not looked at; when there is room again it is', async () => {
    const { guard, open, ask, clock } = guardForTests({ policy: { credentialGuesses: few } })
    for (let i = 0; i < 3; i++) await ask('key', { outcome: 'invalid' })
    let looked = 0
    const identify = () => {
      looked++
      return { outcome: 'identified', actor: testActors.key } as const
    }
    const again = async (remoteAddress = '192.0.2.1') =>
      (await guard.pass(open('key', { remoteAddress }), identify, undefined)).reason
    expect([await again(), looked]).toEqual(['rate_limited', 0])
    expect([await again('192.0.2.2'), looked]).toEqual(['allowed', 1])
    clock.advance(20_000)
    expect([await again(), await again(), looked]).toEqual(['allowed', 'allowed', 3])
  })

  it('are bounded also once the strangers’ limits are used up, however many arrive', async () => {
    const strangers = [{ name: 'two', by: 'address', quota: 2, windowMs: 60_000 }] as const
    const doors = { open: testDoors.open, key: { ...testDoors.key, strangers } } as const
    const { guard, open } = guardForTests({ policy: { doors, credentialGuesses: few } })
    let looked = 0
    const identify = () => {
      looked++
      return { outcome: 'invalid' } as const
    }
    const reasons: string[] = []
    for (let i = 0; i < 1_000; i++) {
      // Also when another site's page says to have sent it: that only spares its visitors the penalty box.
      const headers = i % 2 === 0 ? {} : { 'sec-fetch-site': 'cross-site', cookie: 'a=b' }
      reasons.push((await guard.pass(open('key', { headers }), identify, undefined)).reason)
    }
    expect(looked).toBe(few.quota)
    expect(reasons.slice(0, 4)).toEqual([
      'credential_invalid',
      'credential_invalid',
      'rate_limited',
      'rate_limited',
    ])
  })

  it('nobody else’s request asks the store for it', async () => {
    const { ask, guard } = guardForTests({ policy: { credentialGuesses: few } })
    let peeks = 0
    const counting = guardForTests({
      policy: { credentialGuesses: few },
      store: {
        take: (charges) => guard.limiter.take(charges, 'deny'),
        peek: (charges) => {
          peeks++
          return guard.limiter.peek(charges, 'deny')
        },
      },
    })
    await ask('key', testActors.key)
    for (let i = 0; i < 100; i++) await counting.ask('key', testActors.key)
    expect(peeks).toBe(0)
    for (let i = 0; i < 4; i++) await counting.ask('key', { outcome: 'invalid' })
    expect(peeks).toBe(1)
  })

  it('are remembered of a bounded number of addresses', async () => {
    const one = { ...few, quota: 1 }
    const { ask, guard, open } = guardForTests({
      policy: { credentialGuesses: one, clientAddress: { trustedProxies: [] } },
    })
    for (let i = 0; i < 10_001; i++) {
      await ask(
        'key',
        { outcome: 'invalid' },
        { remoteAddress: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` },
      )
    }
    let looked = 0
    const look = async (remoteAddress: string) =>
      guard.pass(
        open('key', { remoteAddress }),
        () => {
          looked++
          return { outcome: 'invalid' }
        },
        undefined,
      )
    // The first has been forgotten: it is looked at once more. The others are not.
    await look('10.0.0.0')
    expect(looked).toBe(1)
    await look('10.0.0.9')
    expect(looked).toBe(1)
  })

  it('with a store that answers later', async () => {
    const { guard } = guardForTests()
    const late = guardForTests({
      policy: { credentialGuesses: few },
      store: {
        take: async (charges) => guard.limiter.take(charges, 'deny'),
        peek: async (charges) => guard.limiter.peek(charges, 'deny'),
      },
    })
    for (let i = 0; i < 3; i++) await late.ask('key', { outcome: 'invalid' })
    expect((await late.ask('key', testActors.key)).reason).toBe('rate_limited')
  })
})
