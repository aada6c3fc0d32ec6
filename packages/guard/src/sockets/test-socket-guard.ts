// Parts for tests of this room: a socket guard without a library, on a clock and timers that are moved.
import { manualClock } from '@levqor/testing'
import type { SecurityEventInput } from '../events/catalogue.ts'
import {
  createGuard,
  createMemoryLimitStore,
  type DoorRule,
  type Exchange,
  type GuardOptions,
  type IdentifyResult,
  type Policy,
  type ProtectionMode,
  type StoreFailureMode,
} from '../index.ts'
import type { Revocation, Revocations } from '../tokens/revocation/revocations.ts'
import {
  createSocketGate,
  createSocketGuard,
  type SocketGuardOptions,
  type SocketPolicy,
  type SocketRefusal,
} from './index.ts'

export const minute = 60_000
const once = { quota: 1, windowMs: minute }
export const sockets: SocketPolicy = {
  door: 'socket',
  events: {
    both: { perUser: { quota: 2, windowMs: minute }, perSocket: once },
    user: { perUser: once, onStoreFailure: 'deny' },
    free: { unlimited: 'costs nothing', maxBytes: 50 },
  },
  openPerUser: 2,
  openPerAddress: 3,
  floods: { quota: 3, windowMs: minute },
}

const door: DoorRule = {
  authentication: 'optional',
  strangers: [{ name: 'strangers', by: 'address', quota: 100, windowMs: minute }],
  actors: [{ name: 'actors', by: 'actor', quota: 100, windowMs: minute }],
  onStoreFailure: 'local',
}

const policy: Policy = {
  doors: {
    unmatched: { authentication: 'none', strangers: [], unlimited: 'nothing', onStoreFailure: 'local' },
    socket: door,
  },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: minute },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['https://chat.example'] },
  transport: { plainHttp: 'allow' },
  sockets,
}

/** The policy with another answer to a store that fails. */
export const failing = (onStoreFailure: StoreFailureMode): Partial<Policy> => ({
  doors: { ...policy.doors, socket: { ...door, onStoreFailure } },
})

export interface Given {
  readonly policy?: Partial<Policy>
  readonly guard?: Partial<GuardOptions>
  readonly options?: Partial<SocketGuardOptions>
  readonly modes?: Record<string, ProtectionMode>
  readonly find?: Revocations['find']
}

/** A guard without a library: connections and links that note what happens to them. */
export function setup(given: Given = {}) {
  const clock = manualClock()
  const emitted: SecurityEventInput[] = []
  const errors: unknown[] = []
  const timers = new Set<() => void>()
  const listeners = new Set<(revocation: Revocation) => void>()
  const revocations = {
    find: given.find ?? (() => undefined),
    onRevoked(listener: (revocation: Revocation) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const guard = createGuard({
    policy: { ...policy, ...given.policy },
    store: createMemoryLimitStore({ clock }),
    clock,
    events: { emit: (event) => emitted.push(event), state: () => ({}), flush: async () => true },
    switches: { mode: (protection) => given.modes?.[protection] ?? 'enforce' },
    ...given.guard,
  })
  // What lowered switches say of themselves is tested elsewhere.
  emitted.length = 0
  const gate = createSocketGate(guard)
  const socketGuard = createSocketGuard(gate, {
    identify: ({ headers }): IdentifyResult => {
      const user = headers.cookie
      if (typeof user !== 'string') return { outcome: 'missing' }
      return {
        outcome: 'identified',
        actor: { kind: 'user', id: user, via: 'session', sessionId: `${user}-1` },
      }
    },
    revocations: { ...revocations, revoke: async () => {}, alive: true, stop: async () => {} },
    onError: (error) => errors.push(error),
    every(_, run) {
      timers.add(run)
      return () => timers.delete(run)
    },
    ...given.options,
  })
  let ids = 0
  const connect = async (user?: string, facts: Partial<Exchange> = {}) => {
    const headers = { origin: 'https://chat.example', ...(user === undefined ? {} : { cookie: user }) }
    const exchange = {
      method: 'GET',
      url: '/',
      remoteAddress: '192.0.2.1',
      encrypted: true,
      headers,
      ...facts,
    }
    const passage = await gate.accept(exchange)
    const ends: (SocketRefusal | 'cut')[] = []
    if (passage.decision !== undefined) return { code: passage.decision.reason, ends }
    const connection = gate.opened(passage, () => ends.push('cut'))
    const link = { id: `s${ids++}`, end: (refusal: SocketRefusal) => ends.push(refusal) }
    const { socket, refusal } = await socketGuard.admit(
      connection,
      { headers: exchange.headers, auth: {} },
      link,
    )
    const heard: unknown[] = []
    const send = (name: unknown, ...values: unknown[]) => {
      socket?.receive(
        [name, ...values],
        () => heard.push(name),
        (refused) => heard.push(refused.code),
      )
      return heard.at(-1)
    }
    return { code: refusal?.code ?? 'in', socket, connection, ends, heard, send, refusal }
  }
  const revoke = (kind: Revocation['kind'], id: string, revokedAtMs = clock.now()) => {
    for (const listener of listeners)
      listener({ kind, id, revokedAtMs, forgetAtMs: revokedAtMs + minute, cause: 'operator' })
  }
  const ring = async () => {
    await Promise.all([...timers].map((run) => run()))
  }
  return { clock, connect, emitted, errors, gate, guard, listeners, revoke, ring, socketGuard, timers }
}

export const names = (emitted: readonly SecurityEventInput[]) => emitted.map(({ event }) => event)
