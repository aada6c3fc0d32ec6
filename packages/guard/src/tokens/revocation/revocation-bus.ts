// The port by which a revocation reaches every process at once. A bus may lose messages, as publish and subscribe does:
// it says when it was cut off, and what was missed is read from the store.
import type { Revocation } from './revocations.ts'

/** What a bus tells the process that listens. */
export interface RevocationListener {
  /** A revocation from some process, perhaps this one, perhaps not for the first time. */
  revoked(revocation: Revocation): void
  /** A sign of life: what others publish would have arrived here. At least every half second while that is so. */
  heard(): void
  /** From now on messages may be lost. */
  interrupted(): void
  /** From now on messages arrive. Those before, since the interruption or ever, may have been lost. */
  listening(): void
}

/** Carries revocations between processes. {@link revocationBusCases} says what a bus must do. */
export interface RevocationBus {
  /** How long without a sign of life means that the bus is dead, in milliseconds. */
  readonly silentAfterMs: number
  /** Starts listening. Once per bus. */
  listen(listener: RevocationListener): void
  /** Tells every process. A rejection or a lost message is made good by the store within a second. */
  publish(revocation: Revocation): Promise<void>
  stop(): Promise<void>
}

/** Silence after which a bus between processes counts as dead, in milliseconds. */
export const busSilentAfterMs = 2000
