// The doors of the two servers. Their limits let the load through, and are still counted.
import { definePolicy } from '@levqor/guard'

const limit = { name: 'plenty', by: 'address', quota: 60_000_000, windowMs: 60_000 } as const
const plenty = { quota: 60_000_000, windowMs: 60_000 }

export const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [limit], onStoreFailure: 'local' },
    // The benchmark's own way in: no browser ever comes here.
    open: { authentication: 'none', strangers: [limit], crossSite: 'accept', onStoreFailure: 'local' },
    known: { authentication: 'session-or-key', strangers: [limit], actors: [limit], onStoreFailure: 'deny' },
  },
  unmatched: 'unmatched',
  credentialGuesses: { ...limit, name: 'guesses' },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['https://app.example'] },
  tokens: { issuer: 'https://app.example', audience: 'https://api.example' },
  transport: { plainHttp: 'allow' },
  sockets: {
    door: 'known',
    events: { ping: { unlimited: 'nobody sends it' } },
    connections: plenty,
    openPerAddress: 100_000,
  },
})
