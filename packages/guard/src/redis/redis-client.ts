// The few commands of a Redis or Valkey client that the guard uses. `ioredis` fits as it is; so does a test double.

/** Structural, so that the guard depends on no client. */
export interface RedisClient {
  evalsha(sha: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
  publish(channel: string, message: string): Promise<number>
  /** A connection of its own with the same settings: a subscriber can do nothing else. */
  duplicate(): RedisSubscriber
}

/** A connection that listens. */
export interface RedisSubscriber {
  subscribe(...channels: string[]): Promise<unknown>
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'ready' | 'close', listener: () => void): unknown
  disconnect(): void
}
