// A small chat behind the guard, on a real port, and what tests need to meet it: sessions, tokens, clients, time.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ManualClock, manualClock } from '@levqor/testing'
import { Server, type ServerOptions } from 'socket.io'
import { io as connect, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import type { SecurityEventInput } from '../events/catalogue.ts'
import {
  type Clock,
  chatEvents,
  createGuard,
  createMemoryLimitStore,
  type DoorRule,
  type GuardOptions,
  type IdentifyResult,
  type Policy,
} from '../index.ts'
import type { SocketPolicy } from '../sockets/socket-policy.ts'
import { type AccessTokens, createAccessTokens } from '../tokens/access/access-tokens.ts'
import { identifyByToken } from '../tokens/access/identify-by-token.ts'
import { createTokenKeys } from '../tokens/access/token-keys.ts'
import { createRevocations } from '../tokens/revocation/create-revocations.ts'
import { inProcessRevocationBus } from '../tokens/revocation/in-process-bus.ts'
import { createMemoryRevocationStore } from '../tokens/revocation/memory-revocation-store.ts'
import type { Revocations } from '../tokens/revocation/revocations.ts'
import { hmacKeys, testPolicy } from '../tokens/test-tokens.ts'
import { guardSocketIo, type SocketGuardOptions, type SocketHandshake, socketIoOptions } from './index.ts'

export const ownOrigin = 'https://chat.example'

const hour = 3_600_000
export const chatSockets: SocketPolicy = {
  door: 'socket',
  events: {
    'room:message': { ...chatEvents.roomMessage, maxBytes: 2000 },
    'direct:message': chatEvents.directMessage,
    'peer:offer': chatEvents.peerOffer,
    'voice:invite': chatEvents.voiceInvite,
    typing: { unlimited: 'Costs nothing and is not passed on.' },
  },
  maxFrameBytes: 20_000,
}

export const chatDoor: DoorRule = {
  authentication: 'session-or-key',
  strangers: [{ name: 'strangers', by: 'address', quota: 20, windowMs: hour }],
  actors: [{ name: 'handshakes', by: 'actor', quota: 100, windowMs: hour }],
  onStoreFailure: 'deny',
}

export const chatPolicy: Policy = {
  doors: {
    unmatched: { authentication: 'none', strangers: [], unlimited: 'nothing here', onStoreFailure: 'local' },
    socket: chatDoor,
  },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 10, windowMs: hour },
  clientAddress: { trustedProxies: ['loopback'] },
  browser: { origins: [ownOrigin] },
  transport: { plainHttp: 'allow' },
  sockets: chatSockets,
}

export interface ChatOptions {
  readonly sockets?: Partial<SocketPolicy>
  readonly policy?: Partial<Policy>
  readonly guard?: Partial<GuardOptions>
  readonly options?: Partial<SocketGuardOptions>
  readonly server?: Partial<ServerOptions>
  readonly namespace?: string
}

export type Chat = Awaited<ReturnType<typeof startChat>>

/** `ann`, `bob` … are users; the session `ann-1` is ann's first. */
export async function startChat(given: ChatOptions = {}) {
  const clock: ManualClock = manualClock()
  const emitted: SecurityEventInput[] = []
  const errors: unknown[] = []
  const timers = new Set<() => void>()
  const revocations: Revocations = createRevocations({
    store: createMemoryRevocationStore(),
    bus: inProcessRevocationBus(),
    clock,
  })
  while (!revocations.alive) await new Promise(setImmediate)
  const keys = createTokenKeys(hmacKeys)
  const accessTokens = createAccessTokens({ policy: testPolicy, keys, revocations, clock })
  const policy = { ...chatPolicy, sockets: { ...chatSockets, ...given.sockets }, ...given.policy }
  const guard = createGuard({
    policy,
    store: createMemoryLimitStore({ clock }),
    clock,
    events: { emit: (event) => emitted.push(event), state: () => ({}), flush: async () => true },
    ...given.guard,
  })
  const http = createServer()
  const io = new Server(http, { ...socketIoOptions(guard), serveClient: false, ...given.server })
  const stop = guardSocketIo(io, guard, {
    identify: identifyBy(revocations, accessTokens, clock),
    revocations,
    onError: (error) => errors.push(error),
    every(_, run) {
      timers.add(run)
      return () => timers.delete(run)
    },
    ...given.options,
  })
  const received: unknown[][] = []
  io.of(given.namespace ?? '/').on('connection', (socket) => {
    for (const name of Object.keys(policy.sockets.events)) {
      socket.on(name, (...values: unknown[]) => {
        const acknowledge = values.at(-1)
        received.push([name, ...values.filter((value) => typeof value !== 'function')])
        if (typeof acknowledge === 'function') acknowledge('ok')
      })
    }
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const clients: Socket[] = []
  return {
    clock,
    emitted,
    errors,
    /** A fresh access token of ann's first session; it holds for 15 minutes. */
    tokenOfAnn: () => accessTokens.issue({ sub: 'ann', sid: 'ann-1' }),
    guard,
    io,
    port,
    received,
    revocations,
    url,
    /** Lets the timers ring. */
    ring: () => {
      for (const run of timers) run()
    },
    timers,
    open(options: Partial<ManagerOptions & SocketOptions> = {}, namespace = '') {
      const socket = connect(`${url}${namespace}`, {
        forceNew: true,
        reconnection: false,
        transports: ['websocket'],
        ...options,
      })
      clients.push(socket)
      return socket
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect()
      stop()
      await revocations.stop()
      await io.close()
    },
  }
}

/** Sessions by cookie, or by a real access token. Users and sessions that were revoked are nobody. */
export function identifyBy(revocations: Revocations, accessTokens: AccessTokens, clock: Clock) {
  const byToken = identifyByToken({ accessTokens, toActor: ({ sub }) => ({ kind: 'user', id: sub }) })
  return async (handshake: SocketHandshake): Promise<IdentifyResult> => {
    const session = /session=(\S+)/.exec(String(handshake.headers.cookie))?.[1]
    if (session === undefined) return byToken(handshake)
    const [user = '', number] = session.split('-')
    if (number === undefined) return { outcome: 'invalid', cause: 'unknown' }
    const issuedAtMs = clock.now()
    const ended = await revocations.find({ session, user, issuedAtMs })
    if (ended !== undefined) return { outcome: 'invalid', cause: 'ended' }
    return {
      outcome: 'identified',
      actor: { kind: 'user', id: user, via: 'session', sessionId: session, issuedAtMs },
    }
  }
}

/** Headers of a browser on our own page. */
export const from = (session: string, origin: string | undefined = ownOrigin) => ({
  cookie: `session=${session}`,
  ...(origin === undefined ? {} : { origin }),
})

/** Connected, or refused with what the server says. */
export function settled(socket: Socket): Promise<'connected' | Record<string, unknown>> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'))
    socket.once('connect_error', (error) => {
      resolve('data' in error ? (error.data as Record<string, unknown>) : { message: error.message })
    })
  })
}
