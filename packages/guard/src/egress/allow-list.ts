// What an operator opened on purpose: networks, addresses or hosts, each with or without a port.
import { type AddressRanges, compileRanges, parseRange } from '../address/cidr.ts'
import type { Ip } from '../address/ip.ts'
import { guardError } from '../errors.ts'

/** The compiled list. */
export interface AllowList {
  /** The name itself is allowed, wherever it leads. */
  allowsHost(host: string, port: number): boolean
  allowsAddress(ip: Ip, port: number): boolean
}

type Entry = { readonly port: number | undefined } & (
  | { readonly host: string }
  | { readonly ranges: AddressRanges }
)

/**
 * Compiles entries of the forms `10.0.0.0/8`, `127.0.0.1:8080`, `[::1]:8080`, `internal.example`,
 * `internal.example:8443`.
 * @throws GuardError `bad_address_range` naming every entry that is none of these
 */
export function compileAllowList(entries: readonly string[]): AllowList {
  const parsed: Entry[] = []
  const bad: string[] = []
  for (const text of entries.map((entry) => entry.trim()).filter((entry) => entry !== '')) {
    const entry = parseEntry(text)
    if (entry === undefined) bad.push(text)
    else parsed.push(entry)
  }
  if (bad.length > 0) {
    const forms = '10.0.0.0/8, 127.0.0.1:8080, [::1]:8080, host.example or host.example:8443'
    throw guardError('bad_address_range', `Not an allowed target: ${bad.join(', ')}. Write ${forms}.`, bad)
  }
  const onPort = (entry: Entry, port: number) => entry.port === undefined || entry.port === port
  return {
    allowsHost: (host, port) => parsed.some((it) => 'host' in it && it.host === host && onPort(it, port)),
    allowsAddress: (ip, port) => parsed.some((it) => 'ranges' in it && onPort(it, port) && it.ranges.has(ip)),
  }
}

/** Splits the text form of `LEVQOR_EGRESS_ALLOW`. */
export function readAllowList(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
}

function parseEntry(text: string): Entry | undefined {
  if (parseRange(text) !== undefined) return { ranges: compileRanges([text]), port: undefined }
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text)
  if (match === null) return undefined
  const port = match[3] === undefined ? undefined : Number(match[3])
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined
  const name = match[1] ?? match[2] ?? ''
  if (parseRange(name) !== undefined) return { ranges: compileRanges([name]), port }
  const host = name.toLowerCase()
  const isName = /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host)
  return isName ? { host, port } : undefined
}
