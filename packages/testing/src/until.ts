// Waiting for a condition, in place of sleeping and hoping.
import { setTimeout as delay } from 'node:timers/promises'

export interface UntilOptions {
  /** Named in the failure: "waiting for <what>". */
  readonly what: string
  readonly timeoutMs?: number
  /** Pause between two looks. */
  readonly everyMs?: number
}

/**
 * Resolves as soon as the condition holds. A condition that throws counts as "not yet"; its last error is
 * the cause of the failure.
 *
 * @throws Error naming `what` after `timeoutMs` (15 seconds by default)
 * @example await until(() => received.length === 2, { what: 'two mails' })
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  options: UntilOptions,
): Promise<void> {
  const { what, timeoutMs = 15_000, everyMs = 10 } = options
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  for (;;) {
    try {
      if (await condition()) return
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() >= deadline) {
      throw new Error(`Gave up after ${timeoutMs} ms waiting for ${what}.`, { cause })
    }
    await delay(everyMs)
  }
}
