// The port behind which families of refresh tokens are kept. It holds no token: a counter, a seed that is worthless
// without the application's secret, and the hash of the newest token.

/** One signed-in device: every refresh token that follows from one sign-in. */
export interface RefreshFamily {
  /** 128 random bits in base64url. Also the `sid` of the family's access tokens. */
  readonly id: string
  readonly userId: string
  /** 256 random bits in base64url, from which the tokens are derived together with the secret. */
  readonly seed: string
  /** Number of the newest token; the first is 1. */
  readonly counter: number
  /** SHA-256 of the newest token, hexadecimal. */
  readonly tokenHash: string
  /** Epoch milliseconds of the latest rotations, the newest last: when the tokens before the newest were replaced. */
  readonly rotatedAtMs: readonly number[]
  readonly createdAtMs: number
  /** Absolute; no rotation moves it. */
  readonly expiresAtMs: number
  /** Why it ended before its time, such as `signed_out`. */
  readonly endedCause?: string
}

/** What a rotation changes. */
export type RefreshStep = Pick<RefreshFamily, 'counter' | 'tokenHash' | 'rotatedAtMs'>

/** Keeps families. {@link refreshStoreCases} says precisely what a store must do. */
export interface RefreshStore {
  add(family: RefreshFamily): Promise<void>
  /** Sees everything that was answered before it was asked. */
  find(id: string): Promise<RefreshFamily | undefined>
  /** Takes the step if the counter is still `fromCounter` and the family has not ended; of many callers one gets true. */
  advance(id: string, fromCounter: number, step: RefreshStep): Promise<boolean>
  /** Ends a family; true for the one call that ended it. */
  end(id: string, cause: string): Promise<boolean>
  /** Ends all families of a user. */
  endAllOf(userId: string, cause: string): Promise<void>
  /** Deletes families that expired before `nowMs`, at most 1,000 at once. Returns how many. */
  prune(nowMs: number): Promise<number>
}
