// Pseudonyms for addresses and names in events. Keyed, because plain hashes of addresses can be enumerated in
// seconds; the key changes with time, so that old events cannot be linked to new ones.
import { createHmac, type KeyObject } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { deriveKey } from '../secrets/derive-key.ts'
import type { Secret } from '../secrets/secret.ts'

/** Turns a value into its pseudonym, such as `address_19_f3Zk…`. */
export type Pseudonyms = (kind: string, value: string) => string

/** Settings of {@link createPseudonyms}. */
export interface PseudonymOptions {
  readonly secret: Secret
  readonly clock: Clock
  /** How long a value keeps its pseudonym (default 30 days). */
  readonly rotateEveryMs?: number
}

/** Creates the function; the pepper is derived from the secret and the current period. */
export function createPseudonyms(options: PseudonymOptions): Pseudonyms {
  const { secret, clock, rotateEveryMs = 30 * 86_400_000 } = options
  let period = -1
  let pepper: KeyObject | undefined
  return (kind, value) => {
    const current = Math.floor(clock.now() / rotateEveryMs)
    if (pepper === undefined || current !== period) {
      period = current
      pepper = deriveKey(secret, `guard/pseudonyms/${current}`)
    }
    const digest = createHmac('sha256', pepper).update(`${kind}|${value}`).digest('base64url')
    return `${kind}_${period}_${digest.slice(0, 16)}`
  }
}
