// Closed-loop load over keep-alive connections, each with one request under way.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { openConnection, readAnswers } from '../harness/raw-http.ts'

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
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, () => openConnection(load.origin)),
  )

  function drive(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0
      function next(): void {
        if (left === 0) resolve()
        else {
          left -= 1
          sentAt = performance.now()
          socket.write(request())
        }
      }
      readAnswers(
        socket,
        ({ status, body }) => {
          latencies.push(performance.now() - sentAt)
          if (status !== 202) throw new Error(`Answer ${status}: ${body}`)
          next()
        },
        reject,
      )
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

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
