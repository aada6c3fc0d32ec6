// One server process of a chat that runs in several: limits and revocations through Redis, nothing else in common.
// node test-chat-process.ts <redis url> <namespace>; POST /revoke?session=… ends a session from outside.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { createGuard, systemClock } from '../index.ts'
import { createRedisLimitStore } from '../redis/redis-limit-store.ts'
import { redisRevocationBus } from '../redis/redis-revocation-bus.ts'
import { createAccessTokens } from '../tokens/access/access-tokens.ts'
import { createTokenKeys } from '../tokens/access/token-keys.ts'
import { createRevocations } from '../tokens/revocation/create-revocations.ts'
import { createMemoryRevocationStore } from '../tokens/revocation/memory-revocation-store.ts'
import { hmacKeys, testPolicy } from '../tokens/test-tokens.ts'
import { guardSocketIo, socketIoOptions } from './index.ts'
import { chatPolicy, identifyBy } from './test-chat.ts'

const [url = '', namespace = ''] = process.argv.slice(2)
const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 50 })
redis.on('error', () => {})

const revocations = createRevocations({
  store: createMemoryRevocationStore(),
  bus: redisRevocationBus({ client: redis, namespace }),
})
const keys = createTokenKeys(hmacKeys)
const accessTokens = createAccessTokens({ policy: testPolicy, keys, revocations })
// Patient: a machine that is busy with other tests must not look like a store that fails.
const store = createRedisLimitStore({ redis, namespace })
const guard = createGuard({ policy: chatPolicy, store, storePatienceMs: 5000 })
const http = createServer((request, response) => {
  const id = new URL(request.url ?? '/', 'http://chat.example').searchParams.get('session') ?? ''
  const forgetAtMs = Date.now() + 60_000
  void revocations.revoke({ kind: 'session', id, cause: 'signed_out', forgetAtMs }).then(() => response.end())
})
const io = new Server(http, { ...socketIoOptions(guard), serveClient: false })
guardSocketIo(io, guard, {
  identify: identifyBy(revocations, accessTokens, systemClock),
  revocations,
  onError: (error) => console.log(String(error)),
})
io.on('connection', (socket) => {
  for (const name of Object.keys(chatPolicy.sockets?.events ?? {})) {
    socket.on(name, (_value: unknown, acknowledge: (answer: string) => void) => acknowledge('ok'))
  }
})
http.listen(0, '127.0.0.1', async () => {
  while (!revocations.alive) await new Promise((resolve) => setTimeout(resolve, 20))
  // A listening TCP server has an address with a port.
  console.log(`listening on ${(http.address() as AddressInfo).port}`)
})
