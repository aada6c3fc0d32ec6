import { describe, expect, it } from 'vitest'
import { parseIp } from '../address/ip.ts'
import { compileAllowList, readAllowList } from './allow-list.ts'

const address = (list: readonly string[], text: string, port = 80) => {
  const ip = parseIp(text)
  return ip !== undefined && compileAllowList(list).allowsAddress(ip, port)
}

describe('the allowlist', () => {
  it('reads the form of LEVQOR_EGRESS_ALLOW', () => {
    const entries = readAllowList('127.0.0.1:8080,10.0.0.0/8, internal.example')
    expect(entries).toEqual(['127.0.0.1:8080', '10.0.0.0/8', 'internal.example'])
    expect(readAllowList(undefined)).toEqual([])
    const list = compileAllowList(entries)
    expect(list.allowsHost('internal.example', 443)).toBe(true)
    expect(list.allowsHost('sub.internal.example', 443)).toBe(false)
  })

  it('a port narrows an entry to that port', () => {
    expect(address(['127.0.0.1:8080'], '127.0.0.1', 8080)).toBe(true)
    expect(address(['127.0.0.1:8080'], '127.0.0.1', 8081)).toBe(false)
    expect(address(['[::1]:8080'], '::1', 8080)).toBe(true)
    expect(address(['[::1]:8080'], '::1', 80)).toBe(false)
    expect(address(['::1'], '::1', 80)).toBe(true)
    expect(address(['10.0.0.0/8:8080'], '10.1.1.1', 8080)).toBe(true)
    expect(compileAllowList(['Host.Example:8443']).allowsHost('host.example', 8443)).toBe(true)
    expect(compileAllowList(['host.example:8443']).allowsHost('host.example', 443)).toBe(false)
  })

  it('names every entry that it cannot read', () => {
    const bad = ['http://x', '10.0.0.0/99', 'host:0', 'host:70000', '-x-', '*', '1.2.3']
    for (const entry of bad) expect(() => compileAllowList([entry])).toThrow(entry)
    expect(() => compileAllowList(['', ' '])).not.toThrow()
  })
})
