// Every protection in every mode, set through the port and, where it has a variable, through the environment: what is
// enforced, what is only told, what is off. Webhooks and abuse rules are judged outside the kernel, by what reads the
// same switches; here the kernel must tell and show their modes like all others.
import { describe, expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { guardForTests, testActors } from '../kernel/guard-for-tests.ts'
import {
  type Protection,
  type ProtectionMode,
  protections,
  type Switches,
  switchesFromEnvironment,
  switchVariables,
} from './switches.ts'

type Guard = ReturnType<typeof guardForTests>
interface Trial {
  /** Something the protection refuses. */
  readonly attack: (guard: Guard) => Promise<{ outcome: string; reason: string; note?: unknown }>
  readonly enforced: { readonly outcome: string; readonly reason: string; readonly note?: unknown }
  readonly observed: { readonly outcome: string; readonly reason: string; readonly note?: unknown }
  readonly off: { readonly outcome: string; readonly reason: string; readonly note?: unknown }
  /** What is told when it decides, enforced or observed. */
  readonly event: SecurityEventInput['event'] | undefined
}

const passes = { outcome: 'allow', reason: 'allowed' }
const cookie = { cookie: 'session=1' }

const trials: Partial<Record<Protection, Trial>> = {
  limits: {
    attack: async ({ ask }) => {
      for (let i = 0; i < 1000; i++) await ask('open', undefined)
      return ask('open', undefined)
    },
    enforced: { outcome: 'deny', reason: 'rate_limited' },
    observed: { outcome: 'degrade', reason: 'rate_limited' },
    off: passes,
    event: 'limit.denied',
  },
  origin: {
    attack: ({ ask }) =>
      ask('session', testActors.session, {
        method: 'POST',
        encrypted: true,
        headers: { ...cookie, origin: 'https://evil.example' },
      }),
    enforced: { outcome: 'deny', reason: 'origin_denied' },
    observed: { outcome: 'degrade', reason: 'origin_denied' },
    off: passes,
    event: 'origin.denied',
  },
  transport: {
    attack: async ({ ask }) => {
      await ask('page', undefined, { encrypted: false })
      return ask('key', testActors.key, { encrypted: false })
    },
    enforced: { outcome: 'deny', reason: 'https_required' },
    observed: { outcome: 'degrade', reason: 'https_required' },
    off: passes,
    event: 'transport.refused',
  },
  penalties: {
    attack: async ({ ask, clock }) => {
      for (let i = 0; i < 3; i++) {
        clock.advance(100)
        await ask('key', { outcome: 'invalid' })
      }
      return ask('open', undefined)
    },
    enforced: { outcome: 'deny', reason: 'address_blocked' },
    observed: { outcome: 'degrade', reason: 'address_blocked' },
    off: passes,
    event: 'penalty.raised',
  },
  headers: {
    attack: async ({ ask }) => {
      const { outcome, reason, headers } = await ask('open', undefined)
      const note = [headers['content-security-policy'], headers['content-security-policy-report-only']].map(
        (value) => value?.slice(0, 18),
      )
      return { outcome, reason, note }
    },
    enforced: { ...passes, note: ["default-src 'none'", undefined] },
    observed: { ...passes, note: [undefined, "default-src 'none'"] },
    off: { ...passes, note: [undefined, undefined] },
    event: undefined,
  },
}

const policy = {
  transport: { plainHttp: 'require-https', publicOrigin: 'https://app.example' },
  penalties: { levels: [{ strikes: 2, windowMs: 60_000, lastsMs: 60_000, demand: 'block' }] },
} as const

/** The same mode by port and by environment. */
function ways(protection: Protection, mode: ProtectionMode): [string, Switches][] {
  const byPort: Switches = { mode: (asked) => (asked === protection ? mode : 'enforce') }
  const variable = Object.entries(switchVariables).find(([name]) => name === protection)?.[1]
  const words = { enforce: 'true', observe: 'observe', off: 'false' } as const
  return variable === undefined
    ? [['port', byPort]]
    : [
        ['port', byPort],
        [variable, switchesFromEnvironment({ [variable]: words[mode] })],
      ]
}

function setup(switches: Switches) {
  const parts = guardForTests({ switches, policy })
  const ask: typeof parts.ask = (door, who, exchange = {}) =>
    parts.ask(door, who, { encrypted: true, ...exchange })
  return { ...parts, ask }
}

describe.each(protections)('%s', (protection) => {
  for (const mode of ['enforce', 'observe', 'off'] as const) {
    for (const [way, switches] of ways(protection, mode)) {
      it(`${mode}, by ${way}`, async () => {
        const guard = setup(switches)
        const lowered = guard.events.filter(({ event }) => event === 'protection.lowered')
        expect(lowered.map(({ details }) => details)).toEqual(
          mode === 'enforce' ? [] : [{ protection, mode }],
        )
        expect(guard.guard.protections()).toEqual({
          ...Object.fromEntries(protections.map((name) => [name, 'enforce'])),
          [protection]: mode,
        })
        expect(guard.guard.explain('GET', '/').lowered).toEqual(
          mode === 'enforce' ? {} : { [protection]: mode },
        )

        const trial = trials[protection]
        if (trial === undefined) return
        const expected = { enforce: trial.enforced, observe: trial.observed, off: trial.off }[mode]
        expect(await trial.attack(guard)).toMatchObject(expected)
        if (trial.event === undefined) return
        const told = guard.names().includes(trial.event)
        expect(told).toBe(mode !== 'off')
      })
    }
  }
})

describe('what lets people in', () => {
  it('has no switch: neither credentials nor lockout, tokens, links or CORS can be turned down', () => {
    expect([...protections].sort()).toEqual([
      'abuse',
      'headers',
      'limits',
      'origin',
      'penalties',
      'transport',
      'webhooks',
    ])
    expect(Object.values(switchVariables).sort()).toEqual([
      'ABUSE_GUARDS_ENABLED',
      'RATELIMIT_ENABLED',
      'SECURITY_HEADERS_ENABLED',
      'WEBHOOK_VERIFY_ALL',
    ])
  })

  it('is refused with everything else off', async () => {
    const { ask } = setup({ mode: () => 'off' })
    expect((await ask('key', undefined)).reason).toBe('credential_missing')
    expect((await ask('key', { outcome: 'invalid' })).reason).toBe('credential_invalid')
    expect((await ask('key', testActors.session)).reason).toBe('credential_unsuitable')
  })
})

describe('changes while running', () => {
  it('apply at once and are told once each', async () => {
    const { ask, modes, events, guard } = guardForTests({ modes: {} })
    const told = () =>
      events.splice(0).map(({ event, details }) => [event, details?.protection, details?.mode])
    modes.limits = 'off'
    for (let i = 0; i < 3; i++) await ask('open', undefined)
    expect(told()).toEqual([['protection.lowered', 'limits', 'off']])
    modes.limits = 'enforce'
    // One that no request has asked about yet is told when somebody looks at them all.
    modes.webhooks = 'observe'
    guard.protections()
    guard.protections()
    expect(told()).toEqual([
      ['protection.restored', 'limits', 'enforce'],
      ['protection.lowered', 'webhooks', 'observe'],
    ])
  })
})
