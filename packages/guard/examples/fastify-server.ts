// A small API behind the guard: strangers are limited by address, keys by key, pages carry a nonce.
// Run it with Node 24: node examples/fastify-server.ts
import {
  type Clock,
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  definePolicy,
  type IdentifyResult,
  stdoutSink,
  switchesFromEnvironment,
  systemClock,
} from '@levqor/guard'
import { guardFastify } from '@levqor/guard/fastify'
import { fastify } from 'fastify'

const minute = 60_000
const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: minute } as const
const byKey = { name: 'by-key', by: 'credential', quota: 120, burst: 20, windowMs: minute } as const

// The whole policy, as data. A route that names none of these doors stops the start.
const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    page: { authentication: 'none', serves: 'page', strangers: [byAddress], onStoreFailure: 'local' },
    'notes.read': {
      authentication: 'api-key',
      strangers: [byAddress],
      actors: [byKey],
      onStoreFailure: 'deny',
    },
  },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 30, windowMs: minute },
  clientAddress: { trustedProxies: ['loopback'] },
  browser: { origins: ['http://localhost:3000'] },
  transport: { plainHttp: 'allow' },
})

export async function buildServer(options: {
  keys: ReadonlyMap<string, string>
  secret: string
  clock?: Clock
}) {
  const { clock = systemClock } = options
  const secret = createSecret(options.secret, { name: 'GUARD_SECRET' })
  const pseudonyms = createPseudonyms({ secret, clock })
  const guard = createGuard({
    policy,
    store: createMemoryLimitStore({ clock }),
    events: createSecurityEvents({ sinks: [stdoutSink()], clock, pseudonyms }),
    switches: switchesFromEnvironment(process.env),
    clock,
  })

  const app = fastify()
  await app.register(
    guardFastify(guard, {
      identify(request): IdentifyResult {
        const key = request.headers.authorization?.replace(/^Bearer /, '')
        if (key === undefined) return { outcome: 'missing' }
        const id = options.keys.get(key)
        if (id === undefined) return { outcome: 'invalid', cause: 'unknown' }
        return { outcome: 'identified', actor: { kind: 'apiKey', id, keyId: id, via: 'key' } }
      },
    }),
  )
  app.get('/notes', { config: { door: 'notes.read' } }, async (request) => ({ for: request.guard.actor?.id }))
  app.get('/', { config: { door: 'page' } }, async (request, reply) => {
    const { nonce } = request.guard
    return reply
      .type('text/html')
      .send(`<!doctype html><script nonce="${nonce}">document.title = 'Hi'</script>`)
  })
  return app
}

if (import.meta.main) {
  const secret = process.env.GUARD_SECRET ?? ''
  const app = await buildServer({ keys: new Map([['demo-key', 'key_demo']]), secret })
  console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }))
}
