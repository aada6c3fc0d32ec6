// One of two server processes: the guard on Fastify and Socket.IO, revocations in a database that both share, told over
// Redis or over the database. Run as `node revocation-server.ts <database url> <redis url | none> <namespace>`.
import { createServer } from 'node:http'
import { openDatabase } from '@levqor/database'
import { createGuard, createMemoryLimitStore, createSecret, systemClock } from '@levqor/guard'
import { guardFastify } from '@levqor/guard/fastify'
import { redisRevocationBus } from '@levqor/guard/redis'
import { guardSocketIo, socketIoOptions } from '@levqor/guard/socket-io'
import { createAccessTokens, createRevocations, createTokenKeys, identifyByToken } from '@levqor/guard/tokens'
import { createIds, databaseRevocationBus, databaseRevocationStore, serverSchema } from '@levqor/server'
import { fastify } from 'fastify'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { policy } from './revocation-policy.ts'

const [, , databaseUrl = '', redisUrl = 'none', namespace = 'bench'] = process.argv
const clock = systemClock
const database = await openDatabase({
  url: databaseUrl,
  schemas: [serverSchema],
  clock,
  ids: createIds(clock),
})
const store = databaseRevocationStore(database)
const bus =
  redisUrl === 'none'
    ? databaseRevocationBus({ store })
    : redisRevocationBus({ client: new Redis(redisUrl), namespace })
const revocations = createRevocations({ store, bus })
const secret = createSecret(process.env.BENCH_SECRET ?? '', { name: 'BENCH_SECRET' })
const accessTokens = createAccessTokens({
  policy: policy.tokens,
  keys: createTokenKeys({ algorithm: 'HS256', current: { kid: 'bench', key: secret } }),
  revocations,
})
const identify = identifyByToken({ accessTokens, toActor: ({ sub }) => ({ kind: 'user', id: sub }) })
const guard = createGuard({ policy, store: createMemoryLimitStore({ clock }) })

const http = createServer()
const io = new Server(http, { ...socketIoOptions(guard), serveClient: false })
guardSocketIo(io, guard, { identify, revocations, onError: console.error })

const app = fastify({
  serverFactory: (handler) => http.on('request', handler),
})
await app.register(guardFastify(guard, { identify }))
app.get('/me', { config: { door: 'known' } }, async () => ({ ok: true }))
app.get('/ready', { config: { door: 'open' } }, async () => ({ alive: revocations.alive }))
app.post<{ Body: readonly string[] }>('/tokens', { config: { door: 'open' } }, ({ body }) =>
  Promise.all(body.map((sid) => accessTokens.issue({ sub: `user_of_${sid}`, sid }))),
)
app.post<{ Body: { readonly session: string } }>(
  '/revoke',
  { config: { door: 'open' } },
  async ({ body }) => {
    const forgetAtMs = clock.now() + 900_000
    await revocations.revoke({ kind: 'session', id: body.session, cause: 'signed_out', forgetAtMs })
    return { ok: true }
  },
)
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
