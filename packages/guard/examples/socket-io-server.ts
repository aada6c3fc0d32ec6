// Socket.IO 4: two calls. Every handshake passes a door, every event its throttle, and a socket ends with its session.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import {
  chatEvents,
  systemClock as clock,
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  definePolicy,
  type IdentifyResult,
  stdoutSink,
} from '@levqor/guard'
import { guardSocketIo, type SocketHandshake, socketActor, socketIoOptions } from '@levqor/guard/socket-io'
import { createMemoryRevocationStore, createRevocations, inProcessRevocationBus } from '@levqor/guard/tokens'
import { Server } from 'socket.io'

const minute = 60_000
const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: minute } as const
const byUser = { name: 'by-user', by: 'actor', quota: 60, windowMs: minute } as const

// What is not named here, no client can send. A handler for anything else is refused where it is registered.
const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    chat: { authentication: 'session', strangers: [byAddress], actors: [byUser], onStoreFailure: 'deny' },
  },
  sockets: {
    door: 'chat',
    events: {
      'room:message': { ...chatEvents.roomMessage, maxBytes: 4000 },
      'sign:out': { perUser: { quota: 5, windowMs: minute } },
    },
  },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 30, windowMs: minute },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['http://localhost:3000'] },
  transport: { plainHttp: 'allow' },
  penalties: {},
})
const given = process.env.GUARD_SECRET ?? randomBytes(32).toString('base64url')
const pseudonyms = createPseudonyms({ secret: createSecret(given, { name: 'GUARD_SECRET' }), clock })
// Every refusal is one line: a handshake, an event too many, a name that the policy does not have.
const events = createSecurityEvents({ sinks: [stdoutSink()], clock, pseudonyms })
export const guard = createGuard({ policy, events, store: createMemoryLimitStore({ clock }) })
// For several processes: a store on a database, and a bus over Redis.
const revocations = createRevocations({
  store: createMemoryRevocationStore(),
  bus: inProcessRevocationBus(),
  events,
})

// A real service looks up a digest of the cookie, or verifies a token: identifyByToken fits as it is.
const sessions = new Map([['demo-session', { id: 'ann', issuedAtMs: clock.now() }]])
function identify({ headers }: SocketHandshake): IdentifyResult {
  const sessionId = /(?:^|; )session=([^;]+)/.exec(String(headers.cookie))?.[1]
  if (sessionId === undefined) return { outcome: 'missing' }
  const session = sessions.get(sessionId)
  if (session === undefined) return { outcome: 'invalid', cause: 'unknown' }
  return { outcome: 'identified', actor: { kind: 'user', via: 'session', sessionId, ...session } }
}

const http = createServer()
const io = new Server(http, { ...socketIoOptions(guard), serveClient: false })
guardSocketIo(io, guard, { identify, revocations, onError: console.error })
io.on('connection', (socket) => {
  const actor = socketActor(socket)
  socket.on('room:message', (text: unknown, done?: () => void) => {
    io.emit('room:message', { from: actor?.id, text: String(text) })
    done?.()
  })
  // Cuts every socket of the session, in all its tabs and, over a bus, in all processes within a second.
  socket.on('sign:out', () => {
    const id = actor?.sessionId ?? ''
    sessions.delete(id)
    const forgetAtMs = clock.now() + 30 * 24 * 60 * minute
    revocations.revoke({ kind: 'session', id, cause: 'signed_out', forgetAtMs }).catch(console.error)
  })
})

if (import.meta.main) {
  http.listen(Number(process.env.PORT ?? 3000), () => {
    const address = http.address()
    console.log(`listening on http://localhost:${typeof address === 'object' ? address?.port : address}`)
  })
}
