import { describe, expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { watchSwitches } from '../kernel/watched-switches.ts'
import { type ProtectionMode, switchesFromEnvironment } from './switches.ts'

describe('kill switches from the environment', () => {
  it.each([
    [undefined, 'enforce'],
    ['', 'enforce'],
    ['true', 'enforce'],
    ['ON', 'enforce'],
    ['1', 'enforce'],
    ['enforce', 'enforce'],
    ['observe', 'observe'],
    ['false', 'off'],
    ['0', 'off'],
    ['off', 'off'],
  ] as const)('RATELIMIT_ENABLED=%s means %s', (value, mode) => {
    expect(switchesFromEnvironment({ RATELIMIT_ENABLED: value }).mode('limits')).toBe(mode)
  })

  it('one switch turns one protection down', () => {
    const switches = switchesFromEnvironment({ SECURITY_HEADERS_ENABLED: 'false' })
    expect(switches.mode('headers')).toBe('off')
    expect(switches.mode('limits')).toBe('enforce')
    expect(switches.mode('origin')).toBe('enforce')
  })

  it('a typing error stops the start', () => {
    const env = { RATELIMIT_ENABLED: 'flase', ABUSE_GUARDS_ENABLED: 'no' }
    expect(() => switchesFromEnvironment(env)).toThrow(/RATELIMIT_ENABLED, ABUSE_GUARDS_ENABLED/)
  })
})

describe('watched switches', () => {
  it('anything but enforce is an event, once per change', () => {
    const events: SecurityEventInput[] = []
    let mode: ProtectionMode = 'observe'
    const port = { mode: (protection: string) => (protection === 'limits' ? mode : 'enforce') }
    const watched = watchSwitches(port, { ...noSecurityEvents, emit: (event) => events.push(event) })
    expect(watched.mode('limits')).toBe('observe')
    mode = 'off'
    watched.mode('limits')
    watched.mode('limits')
    mode = 'enforce'
    watched.mode('limits')
    expect(events.map(({ event, details }) => [event, details?.mode])).toEqual([
      ['protection.lowered', 'observe'],
      ['protection.lowered', 'off'],
      ['protection.restored', 'enforce'],
    ])
  })
})
