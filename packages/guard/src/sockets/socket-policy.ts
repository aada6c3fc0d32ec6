// Socket events and their throttles as data: what a client may send, how often and how large. What is not named here
// is refused.
import { noSuchDoor } from '../policy/no-such-door.ts'
import type { PolicyProblem, StoreFailureMode } from '../policy/policy.ts'

/** So many per window, counted in a sliding window. */
export interface SocketThrottle {
  readonly quota: number
  readonly windowMs: number
}

/** One event a client may send. Either throttled or, with a reason, `unlimited`. */
export interface SocketEventRule {
  /** Over all sockets of the user, in all processes. Strangers are counted by address. */
  readonly perUser?: SocketThrottle
  readonly perSocket?: SocketThrottle
  /** Instead of throttles: why this event needs none. */
  readonly unlimited?: string
  /** Largest payload in bytes, attachments included (default: the frame's). */
  readonly maxBytes?: number
  /** When the limit store fails; default: the door's. */
  readonly onStoreFailure?: StoreFailureMode
}

/** The part of the policy that socket adapters read. */
export interface SocketPolicy {
  /** The door of the handshake: authentication, strangers' and actors' limits. */
  readonly door: string
  /** By event name. */
  readonly events: Readonly<Record<string, SocketEventRule>>
  /** Largest transport frame in bytes (default 131,072); a larger one cuts the connection. */
  readonly maxFrameBytes?: number
  /** Frames of any kind per connection (default 200 per second); above it the connection is cut. */
  readonly framesPerSecond?: number
  /** New connections by address, whoever they turn out to be (default 300 per minute: a whole office reconnects). */
  readonly connections?: SocketThrottle
  /** Open connections of one address in one process (default 200). */
  readonly openPerAddress?: number
  /** Open sockets of one user in one process (default 20); strangers count by address. */
  readonly openPerUser?: number
  /** Refused events of one socket after which it is disconnected (default 20 per minute). */
  readonly floods?: SocketThrottle
  /** How often a socket's session is looked up again (default 60 s), beside the revocation bus. */
  readonly checkEveryMs?: number
}

/** Names that Socket.IO and Node's emitters use themselves; a client must not be able to raise them. */
const reserved: ReadonlySet<string> = new Set([
  'connect',
  'connection',
  'connect_error',
  'disconnect',
  'disconnecting',
  'error',
  'newListener',
  'removeListener',
  '__proto__',
])

const storeFailures = ['deny', 'local', 'allow'] as const satisfies readonly StoreFailureMode[]

/** Names go into limits and answers: short, printable, without quotes. */
const eventName = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/

/** Problems of this part of a policy with these doors, each with its place and its fix. */
export function checkSocketPolicy(
  policy: SocketPolicy,
  path: string,
  doors: Readonly<Record<string, unknown>>,
): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  const count = (at: string, value: number | undefined) => {
    if (value !== undefined && !isCount(value)) say('socket_number', at, 'Use a positive whole number.')
  }
  const throttle = (at: string, value: SocketThrottle | undefined) => {
    if (value === undefined) return
    count(`${at}.quota`, value.quota)
    count(`${at}.windowMs`, value.windowMs)
  }
  if (!Object.hasOwn(doors, policy.door)) {
    say('socket_door', 'door', `${noSuchDoor(policy.door, doors)} Name the one of the handshake.`)
  }
  count('maxFrameBytes', policy.maxFrameBytes)
  count('framesPerSecond', policy.framesPerSecond)
  throttle('connections', policy.connections)
  count('openPerAddress', policy.openPerAddress)
  count('openPerUser', policy.openPerUser)
  throttle('floods', policy.floods)
  count('checkEveryMs', policy.checkEveryMs)
  const events = Object.entries(policy.events)
  if (events.length === 0) say('socket_events', 'events', 'Name the events that clients may send.')
  for (const [name, rule] of events) {
    const at = `events.${name}`
    if (reserved.has(name)) {
      say('socket_event_reserved', at, 'The library uses this name itself: choose another.')
    } else if (!eventName.test(name)) {
      say('socket_event_name', at, 'Use 1 to 64 printable ASCII characters without quotes and backslashes.')
    }
    throttle(`${at}.perUser`, rule.perUser)
    throttle(`${at}.perSocket`, rule.perSocket)
    count(`${at}.maxBytes`, rule.maxBytes)
    if (!storeFailures.some((known) => known === (rule.onStoreFailure ?? 'deny'))) {
      say('socket_store_failure', `${at}.onStoreFailure`, `Use one of: ${storeFailures.join(', ')}.`)
    }
    const frame = policy.maxFrameBytes ?? defaultMaxFrameBytes
    if (rule.maxBytes !== undefined && rule.maxBytes > frame) {
      say(
        'socket_event_bytes',
        `${at}.maxBytes`,
        `No frame above ${frame} bytes arrives: raise maxFrameBytes.`,
      )
    }
    const unlimited = rule.unlimited !== undefined && rule.unlimited !== ''
    const limited = rule.perUser !== undefined || rule.perSocket !== undefined
    if (unlimited === limited) {
      const fix = unlimited
        ? 'It declares throttles and says that it needs none: keep one of the two.'
        : 'Declare perUser or perSocket, or say in "unlimited" why none is needed.'
      say(unlimited ? 'socket_event_contradiction' : 'socket_event_unlimited', at, fix)
    }
  }
  return problems
}

export const defaultMaxFrameBytes = 131_072

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
