// Load over keep-alive connections, each with one request under way: as fast as the answers come, or at a given rate.
// Written on sockets for the reason that `intake-http/send-load.ts` gives: a general client costs more than a server.
import { connect, type Socket } from 'node:net'

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
  const { host, hostname, port } = new URL(load.origin)
  const requests = load.credentials.map((credential) =>
    Buffer.from(`GET ${load.path} HTTP/1.1\r\nhost: ${host}\r\n${credential}\r\n\r\n`, 'latin1'),
  )
  let sent = 0
  // Connections that wait for their turn.
  const idle: (() => void)[] = []
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, () => open(hostname, Number(port))),
  )

  function drive(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let waiting = ''
      const next = () => {
        const request = requests[sent % requests.length]
        if (sent === load.requests || request === undefined) resolve()
        else {
          sent++
          socket.write(request)
        }
      }
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('The server closed a connection.')))
      socket.on('data', (chunk: string) => {
        waiting += chunk
        const end = endOfAnswer(waiting)
        if (end === undefined) return
        if (!waiting.startsWith('HTTP/1.1 200 ')) reject(new Error(`Not answered 200:\n${waiting}`))
        waiting = waiting.slice(end)
        turn(next)
      })
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

/** Where a whole answer ends; every contestant sends a Content-Length. */
function endOfAnswer(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, head + 2))?.[1]
  if (length === undefined) throw new Error(`An answer has no Content-Length:\n${text}`)
  const end = head + 4 + Number(length)
  return text.length < end ? undefined : end
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    // Bytes as characters, so that lengths agree with Content-Length.
    socket.setEncoding('latin1')
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
