// Closed-loop load over keep-alive connections, each with one request under way.
//
// Written on sockets, because the load shares the machine with the server: general clients (undici, autocannon with a
// header of its own per request) spend more time on a request than the bare server does and would be what is measured.
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface Load {
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON, the same for every request. */
  readonly body: string
  readonly connections: number
  readonly requests: number
}

export interface LoadResult {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Sends every request with an Idempotency-Key of its own. @throws Error at the first answer that is not 202 */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = []
  let left = load.requests
  const request = requestWriter(load)
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.origin)))

  function drive(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      const read = answerReader()
      let sentAt = 0
      function next(): void {
        if (left === 0) resolve()
        else {
          left -= 1
          sentAt = performance.now()
          socket.write(request())
        }
      }
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('The server closed a connection.')))
      socket.on('data', (chunk: string) => {
        try {
          const answer = read(chunk)
          if (!answer) return
          latencies.push(performance.now() - sentAt)
          if (answer.status !== 202) throw new Error(`Answer ${answer.status}: ${answer.body}`)
          next()
        } catch (error) {
          reject(error)
        }
      })
      next()
    })
  }

  try {
    const started = performance.now()
    await Promise.all(sockets.map(drive))
    const seconds = (performance.now() - started) / 1_000
    latencies.sort((a, b) => a - b)
    return {
      perSecond: load.requests / seconds,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
    }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function requestWriter({ origin, path, headers, body }: Load): () => string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(origin).host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...lines,
    'idempotency-key: ',
  ].join('\r\n')
  const tail = `\r\n\r\n${body}`
  return () => head + randomUUID() + tail
}

/** Collects chunks until an answer is complete. One answer at a time, with a Content-Length, as Fastify sends JSON. */
function answerReader(): (chunk: string) => { readonly status: number; readonly body: string } | undefined {
  let text = ''
  return (chunk) => {
    text += chunk
    const headEnd = text.indexOf('\r\n\r\n')
    if (headEnd < 0) return undefined
    const head = text.slice(0, headEnd)
    const length = /^content-length: (\d+)$/im.exec(head)?.[1]
    if (length === undefined) throw new Error(`An answer has no Content-Length:\n${head}`)
    const body = text.slice(headEnd + 4)
    if (body.length < Number(length)) return undefined
    text = ''
    return { status: Number(head.slice(9, 12)), body }
  }
}

function open(origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), noDelay: true })
    // Bytes as characters, so that lengths agree with Content-Length.
    socket.setEncoding('latin1')
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
