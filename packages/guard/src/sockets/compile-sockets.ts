// The policy's sockets with everything worked out that does not depend on a connection.
import { compileLimit, type Limit } from '../limits/limit.ts'
import type { LimitCharge } from '../limits/limit-store.ts'
import type { StoreFailureMode } from '../policy/policy.ts'
import {
  defaultMaxFrameBytes,
  type SocketEventRule,
  type SocketPolicy,
  type SocketThrottle,
} from './socket-policy.ts'

/** One event, ready to be charged. */
export interface SocketEvent {
  readonly name: string
  readonly maxBytes: number
  readonly onStoreFailure: StoreFailureMode
  /** The throttles of this event for one user and one socket, to be taken in one call. */
  charges(userKey: string, socketId: string): LimitCharge[]
}

/** The compiled policy. */
export interface Sockets {
  /** A map, so that no name of a client's finds anything inherited. */
  readonly events: ReadonlyMap<string, SocketEvent>
  readonly maxFrameBytes: number
  readonly framesPerSecond: number
  readonly connections: Limit
  readonly openPerAddress: number
  readonly openPerUser: number
  readonly floods: SocketThrottle
  readonly checkEveryMs: number
}

/** Compiles a checked policy; `door` is what its door does when the limit store fails. */
export function compileSockets(policy: SocketPolicy, onStoreFailure: StoreFailureMode): Sockets {
  const maxFrameBytes = policy.maxFrameBytes ?? defaultMaxFrameBytes
  const defaults = { maxBytes: maxFrameBytes, onStoreFailure }
  return {
    events: new Map(
      Object.entries(policy.events).map(([name, rule]) => [
        name,
        compileEvent(name, { ...defaults, ...rule }),
      ]),
    ),
    maxFrameBytes,
    framesPerSecond: policy.framesPerSecond ?? 200,
    connections: compileThrottle(
      'socket-connections',
      policy.connections ?? { quota: 300, windowMs: 60_000 },
    ),
    openPerAddress: policy.openPerAddress ?? 200,
    openPerUser: policy.openPerUser ?? 20,
    floods: policy.floods ?? { quota: 20, windowMs: 60_000 },
    checkEveryMs: policy.checkEveryMs ?? 60_000,
  }
}

function compileEvent(
  name: string,
  rule: SocketEventRule & Pick<SocketEvent, 'maxBytes' | 'onStoreFailure'>,
): SocketEvent {
  const { perUser, perSocket, maxBytes, onStoreFailure } = rule
  const user = perUser === undefined ? undefined : compileThrottle(`socket-user:${name}`, perUser)
  const socket = perSocket === undefined ? undefined : compileThrottle(`socket:${name}`, perSocket)
  return {
    name,
    maxBytes,
    onStoreFailure,
    charges(userKey, socketId) {
      const charges: LimitCharge[] = []
      if (user !== undefined) charges.push({ limit: user, subject: userKey })
      if (socket !== undefined) charges.push({ limit: socket, subject: socketId })
      return charges
    },
  }
}

function compileThrottle(name: string, { quota, windowMs }: SocketThrottle): Limit {
  return compileLimit({ name, by: 'actor', quota, windowMs, algorithm: 'sliding-window' })
}
