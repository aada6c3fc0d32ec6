import { describe, expect, it } from 'vitest'
import { keyedStatesCases } from '../conformance/keyed-states-cases.ts'
import { createMemoryStates } from '../lockout/memory-states.ts'
import { levqorAbuse } from '../presets/abuse.ts'
import { type ProtectionMode, switchesFromEnvironment } from '../switches/switches.ts'
import type { DevicePolicy } from './abuse-policy.ts'
import type { DeviceState } from './device-state.ts'
import { createDeviceWatch, type DeviceSighting } from './device-watch.ts'
import { abuseParts, networkOf } from './test-abuse.ts'

const day = 86_400_000
const laptop = { 'user-agent': 'Laptop', 'accept-language': 'sv' }
const holding: DevicePolicy = { ...levqorAbuse.devices, plans: { default: { changes: 3, atLimit: 'hold' } } }

function setup({
  mode = 'enforce',
  policy = levqorAbuse.devices,
}: {
  mode?: ProtectionMode
  policy?: DevicePolicy
} = {}) {
  const parts = abuseParts<DeviceState>()
  const devices = createDeviceWatch({
    ...parts,
    policy,
    reviews: parts.reviewStore,
    networkOf,
    switches: { mode: () => mode },
    storePatienceMs: 50,
  })
  const sighting = (device: string, facts: Partial<DeviceSighting> = {}): DeviceSighting => ({
    accountId: 'usr_ada',
    address: '10.1.0.1',
    headers: { ...laptop, 'user-agent': device },
    ...facts,
  })
  const see = async (device: string, facts?: Partial<DeviceSighting>) => {
    const { decision } = await devices.see(sighting(device, facts))
    return decision.outcome === 'allow' ? 'allow' : `${decision.outcome} ${decision.reason}`
  }
  const seeAll = async (...names: readonly string[]) => {
    const answers: string[] = []
    for (const name of names) answers.push(await see(name))
    return answers
  }
  return { ...parts, devices, sighting, see, seeAll }
}

describe('a free account', () => {
  it('changes device 3 times in 24 hours; the fourth has to confirm who it is', async () => {
    const { seeAll, names } = setup()
    expect(await seeAll('a', 'b', 'c', 'd', 'e')).toEqual([
      ...Array(4).fill('allow'),
      'deny step_up_required',
    ])
    expect(names()).toEqual([...Array(3).fill('device.changed'), 'device.limit_reached'])
  })

  it('networks count like devices; a new device in a new network is one change', async () => {
    const { see } = setup()
    expect(await see('a')).toBe('allow')
    expect(await see('b', { address: '10.2.0.1' })).toBe('allow')
    expect(await see('a', { address: '10.3.0.1' })).toBe('allow')
    expect(await see('b', { address: '10.4.0.1' })).toBe('allow')
    expect(await see('a', { address: '10.5.0.1' })).toBe('deny step_up_required')
  })

  it('another address of the same network is no change; without a table a wide prefix stands for it', async () => {
    const { see, names } = setup()
    for (let i = 0; i < 50; i++) expect(await see('a', { address: `10.1.${i}.9` })).toBe('allow')
    expect(await see('a', { address: '198.51.100.1' })).toBe('allow')
    expect(await see('a', { address: '198.51.7.7' })).toBe('allow')
    expect(names()).toEqual(['device.changed'])
  })

  it('switching between known devices and networks all day is no change', async () => {
    const { see, names } = setup()
    for (let i = 0; i < 40; i++) {
      expect(await see(i % 2 === 0 ? 'phone' : 'laptop', { address: `10.${1 + (i % 3)}.0.1` })).toBe('allow')
    }
    expect(names()).toEqual(['device.changed', 'device.changed'])
  })

  it('known devices keep passing while new ones are stopped', async () => {
    const { seeAll } = setup()
    expect((await seeAll('a', 'b', 'c', 'd', 'e', 'a', 'd')).slice(4)).toEqual([
      'deny step_up_required',
      'allow',
      'allow',
    ])
  })

  it('a change counts for 24 hours, to the millisecond, and the answer says how long to wait', async () => {
    const { devices, sighting, seeAll, see, clock } = setup()
    await seeAll('a', 'b')
    clock.advance(1000)
    await seeAll('c', 'd')
    const { decision } = await devices.see(sighting('e'))
    expect(decision.retryAfterMs).toBe(day - 1000)
    clock.advance(day - 1001)
    expect(await see('e')).toBe('deny step_up_required')
    clock.advance(1)
    expect(await see('e')).toBe('allow')
    expect(await see('f')).toBe('deny step_up_required')
  })

  it('a device is remembered for 30 days after it was last seen, to the millisecond and the hour', async () => {
    const { see, clock, names } = setup()
    await see('a')
    await see('b')
    clock.advance(29 * day)
    await see('a')
    clock.advance(day - 1)
    await see('b')
    expect(names()).toEqual(['device.changed'])
    clock.advance(30 * day)
    await see('a')
    expect(names()).toEqual(['device.changed'])
    await see('b')
    expect(names()).toEqual(['device.changed', 'device.changed'])
  })

  it('the limit is told once per window', async () => {
    const { seeAll, names, clock } = setup()
    await seeAll('a', 'b', 'c', 'd', 'e', 'f', 'g', 'e')
    expect(names().filter((name) => name === 'device.limit_reached')).toHaveLength(1)
    clock.advance(day)
    await seeAll('h', 'i', 'j', 'k', 'l')
    expect(names().filter((name) => name === 'device.limit_reached')).toHaveLength(2)
  })

  it('after confirming, the device and network are known and nothing was spent', async () => {
    const { devices, sighting, seeAll, see, names } = setup()
    await seeAll('a', 'b', 'c', 'd', 'e')
    expect((await devices.confirm(sighting('e'))).decision.outcome).toBe('allow')
    expect(await see('e')).toBe('allow')
    expect(await see('f')).toBe('deny step_up_required')
    expect(names().slice(-2)).toEqual(['device.confirmed', 'device.limit_reached'])
  })

  it('200 new devices at once: exactly 3 pass', async () => {
    const { see } = setup()
    await see('first')
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => see(`device ${'x'.repeat(i)}`)))
    expect(answers.filter((answer) => answer === 'allow')).toHaveLength(3)
  })
})

describe('plans', () => {
  it('an unlimited one is told of changes and never stopped; an unknown plan has the default', async () => {
    const { see, names, kept } = setup()
    for (let i = 0; i < 200; i++) expect(await see(`${'x'.repeat(i)}`, { plan: 'pro' })).toBe('allow')
    expect(names()).toHaveLength(199)
    const [entry] = kept.entries()
    expect(entry?.state.devices.length).toBe(16)
    expect(entry?.state.changes.length).toBe(64)
    for (const plan of ['free', '__proto__', 'constructor']) {
      expect(await see('new', { plan })).toBe('deny step_up_required')
    }
  })
})

describe('a plan that holds', () => {
  const atLimit = async () => {
    const parts = setup({ policy: holding })
    await parts.seeAll('a', 'b', 'c', 'd')
    return parts
  }

  it('writes one review per device, and answers with it until somebody has decided', async () => {
    const { devices, sighting, reviews, names } = await atLimit()
    const first = await devices.see(sighting('e'))
    const again = await Promise.all([devices.see(sighting('e')), devices.see(sighting('e'))])
    expect(first.decision).toMatchObject({ outcome: 'deny', reason: 'held_for_review' })
    expect(again.map(({ reviewId }) => reviewId)).toEqual([first.reviewId, first.reviewId])
    expect(await reviews.list()).toMatchObject([
      {
        id: first.reviewId,
        kind: 'device',
        subject: 'usr_ada',
        reasons: ['device_limit'],
        facts: { network: 'AS1' },
        status: 'waiting',
      },
    ])
    expect(names().filter((name) => name === 'device.limit_reached')).toHaveLength(1)
  })

  it('lets the approved device in, and no other', async () => {
    const { devices, sighting, reviews, see } = await atLimit()
    const { reviewId = '' } = await devices.see(sighting('e'))
    await devices.see(sighting('f'))
    await reviews.approve(reviewId, 'op_1')
    expect(await see('f')).toBe('deny held_for_review')
    expect(await see('e')).toBe('allow')
    expect(await see('e')).toBe('allow')
    expect(await see('f')).toBe('deny held_for_review')
  })

  it('keeps a rejected one out', async () => {
    const { devices, sighting, reviews, see } = await atLimit()
    const { reviewId = '' } = await devices.see(sighting('e'))
    await reviews.reject(reviewId, 'op_1')
    expect(await see('e')).toBe('deny held_for_review')
  })

  it('one account cannot bury the reviewers, nor slip in behind the review of another device', async () => {
    const { see, reviews } = await atLimit()
    for (let i = 0; i < 50; i++) expect(await see(`x${'x'.repeat(i)}`)).toBe('deny held_for_review')
    const waiting = await reviews.list()
    expect(waiting).toHaveLength(3)
    for (const { id } of waiting) await reviews.approve(id, 'op_1')
    expect(await see(`x${'x'.repeat(49)}`)).toBe('deny held_for_review')
  })

  it('a question that could not be written down is asked again', async () => {
    const { see, failing, reviews } = await atLimit()
    failing.reviews = true
    expect(await see('e')).toBe('deny limits_unavailable')
    failing.reviews = false
    expect(await see('e')).toBe('deny held_for_review')
    expect(await reviews.list()).toHaveLength(1)
  })
})

describe('the switch', () => {
  it('observe: decides, tells with its mode, lets pass, and bothers no reviewer', async () => {
    const { seeAll, told } = setup({ mode: 'observe' })
    expect((await seeAll('a', 'b', 'c', 'd', 'e')).at(-1)).toBe('degrade step_up_required')
    expect(told.at(-1)).toMatchObject({ event: 'device.limit_reached', details: { mode: 'observe' } })
    const held = setup({ mode: 'observe', policy: holding })
    expect((await held.seeAll('a', 'b', 'c', 'd', 'e')).at(-1)).toBe('degrade held_for_review')
    expect(await held.reviews.list()).toEqual([])
  })

  it('off: looks at nothing', async () => {
    const { seeAll, told, kept } = setup({ mode: 'off' })
    expect(new Set(await seeAll(...'abcdefgh'))).toEqual(new Set(['allow']))
    expect([told, kept.size]).toEqual([[], 0])
  })

  it('is turned by the environment', async () => {
    const parts = abuseParts<DeviceState>()
    const see = (value: string) => {
      const switches = switchesFromEnvironment({ ABUSE_GUARDS_ENABLED: value })
      const devices = createDeviceWatch({ ...parts, policy: holding, reviews: parts.reviewStore, switches })
      return devices.see({ accountId: value, address: '10.1.0.1', headers: {} })
    }
    parts.failing.states = true
    expect((await see('false')).decision.outcome).toBe('allow')
    expect((await see('observe')).decision.outcome).toBe('degrade')
    expect((await see('true')).decision.outcome).toBe('deny')
  })
})

describe('a store that fails', () => {
  it('refuses with an event, never passes unseen', async () => {
    const { see, devices, sighting, failing, names } = setup()
    failing.states = true
    expect(await see('a')).toBe('deny limits_unavailable')
    expect((await devices.confirm(sighting('a'))).decision.reason).toBe('limits_unavailable')
    expect(names()).toEqual(['abuse.store_failed'])
    failing.states = false
    expect(await see('a')).toBe('allow')
    expect(names()).toEqual(['abuse.store_failed', 'abuse.store_recovered'])
  })
})

describe('what is kept and told', () => {
  it('names no person, device, address or network', async () => {
    const { see, kept, told } = setup()
    await see('Laptop of Ada', { address: '198.51.100.7' })
    await see('Phone of Ada', { address: '198.18.100.7' })
    expect(JSON.stringify(kept.entries())).not.toMatch(/ada|198|laptop|sv/i)
    const [{ address, ...rest } = {}] = told
    expect(address).toBe('198.18.100.7')
    expect(JSON.stringify(rest)).not.toMatch(/198|laptop|phone/i)
  })

  it('a known device is written down at most once an hour', async () => {
    const { see, kept, clock } = setup()
    await see('a')
    const [before] = kept.entries()
    clock.advance(3_599_999)
    await see('a')
    expect(kept.entries()[0]).toBe(before)
    clock.advance(1)
    await see('a')
    expect(kept.entries()[0]).not.toBe(before)
  })

  it('a wrong policy is refused with every problem at once', () => {
    const policy = { ...levqorAbuse.devices, windowMs: 0, rememberMs: -1 }
    expect(() => setup({ policy })).toThrow(expect.objectContaining({ code: 'bad_abuse_policy' }))
  })

  describe('states of devices in memory', () => {
    const cases = keyedStatesCases<DeviceState>(
      async (clock) => ({ store: createMemoryStates<DeviceState>({ clock }), close: async () => {} }),
      {
        make: (number, forgetAtMs) => ({
          devices: [['d', number]],
          networks: [],
          changes: [number],
          toldAtMs: 0,
          held: [{ device: 'd', network: 'n', reviewId: 'r' }],
          forgetAtMs,
        }),
        numberOf: (state) => state.changes[0] ?? 0,
      },
    )
    for (const { name, run } of cases) it(name, run)
  })
})
