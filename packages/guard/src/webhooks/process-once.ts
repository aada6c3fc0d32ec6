// A replay store as the receiver uses it: nobody waits long for it, its failures are events (one per change of state),
// and a handler that fails gives its claim back.
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { within } from '../within.ts'
import type { ReplayClaim, ReplayStore } from './replay-store.ts'

/** `unavailable`: the store gave no answer in time. */
export type ClaimAnswer = ReplayClaim | { readonly state: 'unavailable' }

/** A message that is ours to process. */
export interface ClaimedMessage {
  readonly key: string
  readonly token: string
  readonly rememberMs: number
}

/** The store, watched. */
export interface WatchedReplays {
  claim(key: string, leaseMs: number): Promise<ClaimAnswer>
  /**
   * Runs the handler under a claim. What the handler throws is thrown on, after the claim was given back. `remembered`
   * is false when the store failed after the handler had succeeded.
   */
  process<T>(
    claimed: ClaimedMessage,
    handler: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly remembered: boolean }>
}

/** Watches a store. */
export function watchReplays(store: ReplayStore, events: SecurityEvents, patienceMs: number): WatchedReplays {
  let failing = false
  return {
    async claim(key, leaseMs) {
      return (await ask('claim', () => store.claim(key, leaseMs))) ?? { state: 'unavailable' }
    },
    async process({ key, token, rememberMs }, handler) {
      let value: Awaited<ReturnType<typeof handler>>
      try {
        value = await handler()
      } catch (error) {
        // If this fails too, the claim ends with its lease.
        await ask('release', () => done(store.release(key, token)))
        throw error
      }
      const remembered = await ask('commit', () => done(store.commit(key, rememberMs)))
      return { value, remembered: remembered ?? false }
    },
  }

  async function ask<T>(step: string, question: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await within(patienceMs, question())
      if (failing) events.emit({ event: 'webhook.store_recovered' })
      failing = false
      return answer
    } catch {
      if (!failing) events.emit({ event: 'webhook.store_failed', details: { step } })
      failing = true
      return undefined
    }
  }
}

async function done(step: Promise<void>): Promise<true> {
  await step
  return true
}
