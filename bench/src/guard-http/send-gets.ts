// Load over keep-alive connections, each with one request under way: as fast as the answers come, or at a given rate.
import type { Socket } from 'node:net'
import { openConnection, readAnswers } from '../harness/raw-http.ts'

export interface GetLoad {
  readonly origin: string
  readonly path: string
  /** Header lines, used in turn. */
  readonly credentials: readonly string[]
  readonly connections: number
  readonly requests: number
  /** Requests per second, sent evenly; without it the next leaves when an answer is there. */
  readonly perSecond?: number
}

/** Sends every request and returns how many were answered per second. @throws Error at the first answer that is not 200 */
export async function sendGets(load: GetLoad): Promise<number> {
  const { host } = new URL(load.origin)
  const requests = load.credentials.map((credential) =>
    Buffer.from(`GET ${load.path} HTTP/1.1\r\nhost: ${host}\r\n${credential}\r\n\r\n`, 'latin1'),
  )
  let sent = 0
  // Connections that wait for their turn.
  const idle: (() => void)[] = []
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, () => openConnection(load.origin)),
  )

  function drive(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = () => {
        const request = requests[sent % requests.length]
        if (sent === load.requests || request === undefined) resolve()
        else {
          sent++
          socket.write(request)
        }
      }
      readAnswers(
        socket,
        ({ status, head, body }) => {
          if (status !== 200) throw new Error(`Not answered 200:\n${head}\n${body}`)
          turn(next)
        },
        reject,
      )
      turn(next)
    })
  }

  function turn(next: () => void): void {
    if (load.perSecond === undefined || sent === load.requests) next()
    else idle.push(next)
  }

  /** Sends what is due, every millisecond. A server that cannot keep up is asked later, never less. */
  function keepPace(perSecond: number): NodeJS.Timeout {
    const started = performance.now()
    return setInterval(() => {
      const due = ((performance.now() - started) * perSecond) / 1_000
      while (idle.length > 0 && (sent < due || sent === load.requests)) idle.shift()?.()
    }, 1)
  }

  /**
   * Keeps this process awake. A client that sleeps has to be woken for each answer, and the server pays for it: half of the
   * slower contestant's time would be that, and little of the faster one's, because it leaves the client no time to sleep.
   */
  function stayAwake(): void {
    if (!over) setImmediate(stayAwake)
  }

  let over = false
  stayAwake()
  const pace = load.perSecond === undefined ? undefined : keepPace(load.perSecond)
  try {
    const started = performance.now()
    await Promise.all(sockets.map(drive))
    return load.requests / ((performance.now() - started) / 1_000)
  } finally {
    over = true
    clearInterval(pace)
    for (const socket of sockets) socket.destroy()
  }
}
