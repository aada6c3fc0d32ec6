// Who may pass which door of Levqor, and how often: the whole policy, as data.
import { definePolicy, multiplyLimits, type Policy } from '@levqor/guard'
import { levqorDoors, levqorLimits } from '@levqor/guard/presets'
import type { Config } from '@levqor/server'

export function levqorPolicy(config: Config): Policy {
  const policy = definePolicy({
    doors: levqorDoors,
    unmatched: 'unmatched',
    credentialGuesses: levqorLimits.credentialGuesses,
    clientAddress: { trustedProxies: config.trustedProxies },
    browser: { origins: ownOrigins(config) },
    // The policies that Next and its pages create; no other script may write HTML into a page.
    headers: { pageCsp: { trustedTypes: ['default', 'nextjs'] } },
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
