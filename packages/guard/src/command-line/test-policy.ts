// A small policy for the command line's tests.
import { definePolicy } from '../index.ts'

const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: 60_000 } as const

export const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    page: { authentication: 'none', serves: 'page', strangers: [byAddress], onStoreFailure: 'local' },
    health: {
      authentication: 'none',
      strangers: [],
      unlimited: 'Probes must never be turned away.',
      crossSite: 'accept',
      transport: 'any',
      onStoreFailure: 'allow',
    },
    notes: {
      authentication: 'api-key',
      strangers: [byAddress],
      actors: [
        { name: 'by-key', by: 'credential', quota: { default: 60, pro: 600 }, burst: 20, windowMs: 60_000 },
        { name: 'by-day', by: ['credential', 'address'], quota: 1000, windowMs: 86_400_000, cost: 2 },
        { name: 'by-moment', by: 'credential', quota: 5, windowMs: 1500 },
      ],
      scopes: ['notes:read', 'notes:write'],
      onStoreFailure: 'deny',
    },
  },
  unmatched: 'unmatched',
  routes: { 'GET /': 'page', 'GET /health': 'health', 'POST /notes/:id': 'notes' },
  credentialGuesses: { name: 'guesses', by: 'address', quota: 300, windowMs: 60_000 },
  clientAddress: { trustedProxies: ['loopback'] },
  browser: { origins: ['https://app.example'] },
  transport: { plainHttp: 'require-https', publicOrigin: 'https://app.example' },
  headers: { pageCsp: { add: { 'connect-src': ['https://api.example'] } } },
  penalties: {},
  tokens: { issuer: 'https://app.example', audience: 'api' },
  webhooks: {
    senders: {
      stripe: { provider: 'stripe' },
      'our-github': { provider: 'github' },
      partner: { provider: 'standard-webhooks' },
      meter: { provider: 'hmac', header: 'x-signature', encoding: 'hex' },
    },
  },
})
