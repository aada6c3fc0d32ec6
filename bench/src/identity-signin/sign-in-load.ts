// People who sign in with a password at once, and a flood of them.
import type { PersonWithPassword } from './people-with-passwords.ts'

export interface SignInLoad {
  readonly origin: string
  readonly people: readonly PersonWithPassword[]
  readonly signIns: number
  /** Under way at once. */
  readonly atOnce: number
}

export interface SignInCounts {
  readonly perSecond: number
  readonly signedIn: number
  /** 503 with Retry-After: the line was full. */
  readonly turnedAway: number
}

/** @throws Error at an answer that is neither a session nor "come back later" */
export async function signIn({ origin, people, signIns, atOnce }: SignInLoad): Promise<SignInCounts> {
  let next = 0
  let signedIn = 0
  let turnedAway = 0
  async function worker(): Promise<void> {
    while (next < signIns) {
      const turn = next++ % people.length
      const response = await fetch(`${origin}/api/auth/login`, {
        method: 'POST',
        // Everybody from home: one address has a number of tries under way, whoever they are for.
        headers: { 'content-type': 'application/json', origin, 'x-forwarded-for': `10.0.0.${turn}` },
        body: JSON.stringify(people[turn]),
      })
      const text = await response.text()
      if (
        response.status === 200 &&
        response.headers.getSetCookie().some((it) => it.includes('levqor_session='))
      )
        signedIn++
      else if (response.status === 503 && response.headers.has('retry-after')) turnedAway++
      else throw new Error(`Answer ${response.status}: ${text}`)
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { perSecond: signedIn / ((performance.now() - started) / 1_000), signedIn, turnedAway }
}
