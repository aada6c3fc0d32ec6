// People who sign in with a password at once, and a flood of them, over connections that are kept.
import type { Socket } from 'node:net'
import { openConnection, type RawAnswer, readAnswers } from '../harness/raw-http.ts'
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
  const requests = people.map((person, turn) => requestOf(origin, person, turn))
  let next = 0
  let signedIn = 0
  let turnedAway = 0

  function worker(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      function send(): void {
        const request = requests[next % requests.length]
        if (next === signIns || request === undefined) resolve()
        else {
          next++
          socket.write(request)
        }
      }
      readAnswers(
        socket,
        (answer) => {
          count(answer)
          send()
        },
        reject,
      )
      send()
    })
  }

  function count({ status, head, body }: RawAnswer): void {
    if (status === 200 && /^set-cookie: [^;]*levqor_session=/im.test(head)) signedIn++
    else if (status === 503 && /^retry-after: /im.test(head)) turnedAway++
    else throw new Error(`Answer ${status}: ${body}`)
  }

  const sockets = await Promise.all(Array.from({ length: atOnce }, () => openConnection(origin)))
  try {
    const started = performance.now()
    await Promise.all(sockets.map(worker))
    return { perSecond: signedIn / ((performance.now() - started) / 1_000), signedIn, turnedAway }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

/** Everybody from home: one address has a number of tries under way, whoever they are for. */
function requestOf(origin: string, person: PersonWithPassword, turn: number): Buffer {
  const body = JSON.stringify(person)
  return Buffer.from(
    [
      'POST /api/auth/login HTTP/1.1',
      `host: ${new URL(origin).host}`,
      `origin: ${origin}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-forwarded-for: 10.0.0.${turn}`,
      '',
      body,
    ].join('\r\n'),
  )
}
