// Which addresses cannot be reached from another machine.
import { compileRanges } from '../address/cidr.ts'
import { parseIp } from '../address/ip.ts'

const loopback = compileRanges(['loopback'])

/** Whether a URL's host is this machine itself: `localhost`, names under it, and loopback addresses. */
export function isThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const ip = parseIp(host)
  return ip !== undefined && loopback.has(ip)
}
