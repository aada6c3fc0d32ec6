// One policy for a small notes service. Every server of these examples stands behind it.
import { randomBytes } from 'node:crypto'
import {
  systemClock as clock,
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  definePolicy,
  type Guard,
  type IdentifyResult,
  stdoutSink,
  switchesFromEnvironment,
} from '@levqor/guard'

const minute = 60_000
const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: minute } as const
const byKey = { name: 'by-key', by: 'credential', quota: 120, burst: 20, windowMs: minute } as const

// The whole policy, as data. What it does not name is not served.
export const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    page: { authentication: 'none', serves: 'page', strangers: [byAddress], onStoreFailure: 'local' },
    notes: { authentication: 'api-key', strangers: [byAddress], actors: [byKey], onStoreFailure: 'deny' },
  },
  routes: { 'GET /': 'page', 'GET /api/notes': 'notes' },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 30, windowMs: minute },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['http://localhost:3000'] },
  transport: { plainHttp: 'allow' },
  penalties: {},
})

export function createNotesGuard(): Guard {
  const given = process.env.GUARD_SECRET ?? randomBytes(32).toString('base64url')
  const secret = createSecret(given, { name: 'GUARD_SECRET' })
  const pseudonyms = createPseudonyms({ secret, clock })
  return createGuard({
    policy,
    store: createMemoryLimitStore({ clock }),
    events: createSecurityEvents({ sinks: [stdoutSink()], clock, pseudonyms }),
    switches: switchesFromEnvironment(process.env),
    clock,
  })
}

/** For the command line: `npx guard doctor --app notes-guard.ts`. */
export { createNotesGuard as guard }

const keys = new Map([['demo-key', 'key_demo']])

/** Who a request comes from. A real service looks up a digest of the key. */
export function identifyKey(authorization: string | null | undefined): IdentifyResult {
  const key = authorization?.replace(/^Bearer /, '')
  if (key === undefined) return { outcome: 'missing' }
  const id = keys.get(key)
  if (id === undefined) return { outcome: 'invalid', cause: 'unknown' }
  return { outcome: 'identified', actor: { kind: 'apiKey', id, keyId: id, via: 'key' } }
}
