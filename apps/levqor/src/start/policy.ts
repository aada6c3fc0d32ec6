// Who may pass which door of Levqor, and how often: the whole policy, as data.
import { createClientAddressResolver, definePolicy, multiplyLimits, type Policy } from '@levqor/guard'
import { levqorDoors, levqorLimits, levqorLockout, levqorPenalties } from '@levqor/guard/presets'
import { type Config, cspReportsPath } from '@levqor/server'

export function levqorPolicy(config: Config): Policy {
  const policy = definePolicy({
    doors: levqorDoors,
    unmatched: 'unmatched',
    credentialGuesses: levqorLimits.credentialGuesses,
    clientAddress: { trustedProxies: config.trustedProxies },
    browser: { origins: ownOrigins(config) },
    // The policies that Next and its pages create; no other script may write HTML into a page.
    ...(config.corsOrigins.length === 0
      ? {}
      : { cors: { origins: config.corsOrigins, credentials: true, methods: ['DELETE', 'PATCH'] } }),
    penalties: levqorPenalties,
    lockout: levqorLockout,
    headers: {
      pageCsp: { trustedTypes: ['default', 'nextjs'], reportTo: 'csp' },
      reportingEndpoints: { csp: cspReportsPath },
    },
    transport:
      config.mode === 'production'
        ? { plainHttp: 'require-https', publicOrigin: config.url }
        : { plainHttp: 'allow' },
  })
  return config.limitsMultiplier === 1 ? policy : multiplyLimits(policy, config.limitsMultiplier)
}

// In development people type any of the names that this machine has for itself.
function ownOrigins({ mode, url, port }: Config): readonly string[] {
  if (mode === 'production') return [url]
  return [...new Set([url, `http://localhost:${port}`, `http://127.0.0.1:${port}`, `http://[::1]:${port}`])]
}

const resolveAddress = createClientAddressResolver({ trustedProxies: [] })

/** What limits and lockout count an address by: itself, or its prefix for IPv6. */
export function addressKeyOf(address: string): string {
  return resolveAddress({ remoteAddress: address, encrypted: false, headers: {} }).key
}
