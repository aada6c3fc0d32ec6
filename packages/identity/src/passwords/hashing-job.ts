// What is said between the server and the threads that hash its passwords.

/** One password for a thread. */
export interface HashingJob {
  readonly id: number
  readonly password: string
  readonly salt: Uint8Array
  /** Bytes of the digest. */
  readonly length: number
  /** Kibibytes. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** What became of it. */
export type HashingAnswer = { readonly id: number } & (
  | { readonly digest: Uint8Array }
  | { readonly failure: string }
)

/** How far the threads stand back behind everything else (Linux: 0 is usual, 19 the furthest). */
export const hashingNiceness = 10
