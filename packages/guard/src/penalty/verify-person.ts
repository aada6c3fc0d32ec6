// Asking a human check's provider, for one address a bounded number of times, and telling everybody who passed.
import type { Challenge, ChallengeResult } from '../challenge/challenge.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { compileLimit, type Limit } from '../limits/limit.ts'
import type { Limiter } from '../limits/limiter.ts'

/** What verifying needs. */
export interface VerifyPersonOptions {
  readonly challenge: Challenge | undefined
  /** The flag that all processes see: a limit of one, taken by who has passed. */
  readonly human: Limit
  readonly limiter: Limiter
  readonly events: Pick<SecurityEvents, 'emit'>
  readonly strike: (key: string, clientIp: string, reason: string) => void
}

/** Verifies a token. Never rejects. */
export type VerifyPerson = (key: string, clientIp: string, token: string) => Promise<ChallengeResult>

// Whoever shows invented tokens makes us ask the provider: so often and no more.
const checks = compileLimit({ name: 'penalty-checks', by: 'address', quota: 10, windowMs: 600_000 })
const names = {
  ok: 'challenge.passed',
  failed: 'challenge.failed',
  unavailable: 'challenge.unavailable',
} as const

/** Binds verifying to a provider. */
export function createVerifyPerson(options: VerifyPersonOptions): VerifyPerson {
  const { challenge, human, limiter, events, strike } = options
  return async (key, clientIp, token) => {
    const { allowed } = await limiter.take([{ limit: checks, subject: key }], 'allow')
    const result = allowed ? await askProvider(token, clientIp) : 'failed'
    if (result === 'ok') await limiter.take([{ limit: human, subject: key }], 'allow')
    // Guessing leads to the next level, which is the block.
    if (result === 'failed') strike(key, clientIp, 'challenge_failed')
    events.emit({ event: names[result], address: clientIp })
    return result
  }

  async function askProvider(token: string, clientIp: string): Promise<ChallengeResult> {
    try {
      return (await challenge?.verify(token, clientIp)) ?? 'unavailable'
    } catch {
      return 'unavailable'
    }
  }
}
