// Revocations over Redis or Valkey publish and subscribe: milliseconds to every process, and no promise that anything
// arrives, so every process also listens for its own heartbeat and says when it was cut off.
import {
  busSilentAfterMs,
  type RevocationBus,
  type RevocationListener,
} from '../tokens/revocation/revocation-bus.ts'
import { readRevocation } from '../tokens/revocation/revocation-rules.ts'
import type { RedisClient, RedisSubscriber } from './redis-client.ts'

/** Settings of {@link redisRevocationBus}. */
export interface RedisRevocationBusOptions {
  /** Publishes; its `duplicate()` listens. Stays the caller's to close. */
  readonly client: RedisClient
  /** Before the channel's name (default `guard`). Equal in all processes of one installation, different in others. */
  readonly namespace?: string
}

const heartbeatEveryMs = 500
/** A connection that died without a word is given up after so many heartbeats unheard: 10 s. */
const redialAfterBeats = 20
const heartbeat = 'alive'
/** Longer ones are not parsed: a revocation is a few hundred characters. */
const maxMessageLength = 2000

/**
 * The bus. Silence of 2 s means that it is dead.
 * @example
 * const bus = redisRevocationBus({ client: new Redis(url) })
 * const revocations = createRevocations({ store, bus, events })
 */
export function redisRevocationBus(options: RedisRevocationBusOptions): RevocationBus {
  const { client, namespace = 'guard' } = options
  const channel = `${namespace}:revocations`
  let subscriber: RedisSubscriber | undefined
  let beating: NodeJS.Timeout | undefined
  let unanswered = false
  let unheardBeats = 0
  return {
    silentAfterMs: busSilentAfterMs,
    listen(listener) {
      subscriber = dial(listener)
      beating = setInterval(() => {
        beat()
        if (++unheardBeats < redialAfterBeats) return
        unheardBeats = 0
        listener.interrupted()
        subscriber?.disconnect()
        subscriber = dial(listener)
      }, heartbeatEveryMs)
      beating.unref()
    },
    async publish(revocation) {
      await client.publish(channel, JSON.stringify(revocation))
    },
    async stop() {
      clearInterval(beating)
      const last = subscriber
      subscriber = undefined
      last?.disconnect()
    },
  }

  function dial(listener: RevocationListener): RedisSubscriber {
    const connection = client.duplicate()
    const subscribe = () => {
      // A failure shows as silence; the client connects again by itself and is then ready once more.
      connection.subscribe(channel).then(
        () => {
          if (connection !== subscriber) return
          listener.listening()
          beat()
        },
        () => {},
      )
    }
    connection.on('error', () => {})
    connection.on('ready', subscribe)
    connection.on('close', () => {
      if (connection === subscriber) listener.interrupted()
    })
    connection.on('message', (_, message) => {
      // A connection that is being closed may still deliver what was on its way.
      if (connection !== subscriber) return
      unheardBeats = 0
      if (message !== heartbeat) {
        const revocation = parse(message)
        if (revocation === undefined) return
        listener.revoked(revocation)
      }
      listener.heard()
    })
    // Also wakes a client that connects only when it is asked something.
    subscribe()
    return connection
  }

  /** One at a time: a server that accepts and never answers must not pile them up. */
  function beat(): void {
    if (unanswered) return
    unanswered = true
    const answered = () => {
      unanswered = false
    }
    client.publish(channel, heartbeat).then(answered, answered)
  }
}

function parse(message: string) {
  if (message.length > maxMessageLength) return undefined
  try {
    return readRevocation(JSON.parse(message))
  } catch {
    return undefined
  }
}
