// People who sign in with a password at once, and a flood of them. By `node:http` over connections that are kept: `fetch`
// costs three times as much, on cores that the server would have.
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
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
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  let next = 0
  let signedIn = 0
  let turnedAway = 0
  async function worker(): Promise<void> {
    while (next < signIns) {
      const turn = next++ % people.length
      const answer = await post(turn)
      const { statusCode, headers } = answer
      const isSession = headers['set-cookie']?.some((it) => it.includes('levqor_session=')) ?? false
      const body = await text(answer)
      if (statusCode === 200 && isSession) signedIn++
      else if (statusCode === 503 && headers['retry-after'] !== undefined) turnedAway++
      else throw new Error(`Answer ${statusCode}: ${body}`)
    }
  }
  function post(turn: number): Promise<IncomingMessage> {
    // Everybody from home: one address has a number of tries under way, whoever they are for.
    const headers = { 'content-type': 'application/json', origin, 'x-forwarded-for': `10.0.0.${turn}` }
    return new Promise((resolve, reject) => {
      request(`${origin}/api/auth/login`, { method: 'POST', agent, headers }, resolve)
        .on('error', reject)
        .end(JSON.stringify(people[turn]))
    })
  }
  try {
    const started = performance.now()
    await Promise.all(Array.from({ length: atOnce }, worker))
    return { perSecond: signedIn / ((performance.now() - started) / 1_000), signedIn, turnedAway }
  } finally {
    agent.destroy()
  }
}
