// When nobody can say whether a credential still holds: the door's failure mode decides, and nothing that changes
// something passes, whatever it says.
import { isUnsafeMethod } from '../browser/check-origin.ts'
import type { Clock } from '../clock.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { Actor } from './identity.ts'
import type { OpenPassage } from './passage.ts'

/** Watches over failures of identification. */
export interface IdentifyFailure {
  /** Whether the request may go on. Tells once that something is wrong. */
  passes(passage: OpenPassage, actor: Actor | undefined): boolean
  /** A credential was decided. */
  over(): void
}

// Credentials that are still remembered go on being decided while others cannot: not every one of them is a recovery.
const quietMs = 5000

/** Creates the watch. */
export function createIdentifyFailure(events: Pick<SecurityEvents, 'emit'>, clock: Clock): IdentifyFailure {
  let failedAtMs: number | undefined
  return {
    passes({ door, exchange }, actor) {
      if (failedAtMs === undefined)
        events.emit({ event: 'identity.store_failed', details: { door: door.name } })
      failedAtMs = clock.now()
      if (isUnsafeMethod(exchange.method) || door.rule.onStoreFailure === 'deny') return false
      return actor !== undefined || door.rule.authentication === 'optional'
    },
    over() {
      if (failedAtMs === undefined || clock.now() - failedAtMs < quietMs) return
      failedAtMs = undefined
      events.emit({ event: 'identity.store_recovered' })
    },
  }
}

/** Whether `identify` failed because nobody could say. Every other error is the application's. */
export function isStoreFailure(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'store_unreachable'
}
