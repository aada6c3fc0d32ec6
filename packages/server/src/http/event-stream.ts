// Server-sent events (WHATWG HTML section 9.2): bounded, with a heartbeat, closed with a reason when the server stops.
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { serviceError } from '../errors/service-error.ts'

export interface ServerEvent {
  readonly id?: string
  readonly event?: string
  readonly data: unknown
}

export interface EventStream {
  /** Resolves when the event has been handed to the socket; waits while the reader is slow. */
  send(event: ServerEvent): Promise<void>
  /** Aborted when the reader has gone or the server is stopping. */
  readonly signal: AbortSignal
}

/** All open streams of a server. */
export interface EventStreams {
  /**
   * @param owner who opened it, for the cap
   * @throws ServiceError `too_many_streams`
   */
  open(reply: FastifyReply, owner: string): EventStream & { end(): void }
  readonly count: number
  /** Tells every reader to come back and ends the streams, those that are opened later too. */
  closeAll(): void
}

// Below the idle time-outs of common proxies (60 s and more), so that they keep the connection.
const heartbeatMs = 15_000

// A browser with many tabs stays below the first; the second bounds memory and sockets of the process.
const maxStreamsPerOwner = 30
const maxStreams = 2_000

export function createEventStreams(): EventStreams {
  const openStreams = new Set<{ readonly owner: string; close(): void }>()
  let stopping = false

  function open(reply: FastifyReply, owner: string): EventStream & { end(): void } {
    refuseTooMany(owner)
    reply.hijack()
    const response = reply.raw
    const gone = new AbortController()
    response.writeHead(200, {
      ...headersOf(reply),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.write('retry: 1000\n\n')
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs)
    heartbeat.unref()
    const entry = {
      owner,
      close() {
        if (!response.writableEnded) response.end('event: closing\ndata: {}\n\n')
        forget()
      },
    }
    function forget(): void {
      clearInterval(heartbeat)
      openStreams.delete(entry)
      gone.abort()
    }
    response.once('close', forget)
    openStreams.add(entry)
    // Asked for while the server is stopping: told to come back at once.
    if (stopping) entry.close()
    return {
      signal: gone.signal,
      send: (event) => write(response, format(event), gone.signal),
      end() {
        if (!response.writableEnded) response.end()
        forget()
      },
    }
  }

  function refuseTooMany(owner: string): void {
    const own = [...openStreams].filter((stream) => stream.owner === owner).length
    if (own >= maxStreamsPerOwner || openStreams.size >= maxStreams) {
      throw serviceError('too_many_streams', { retryAfterMs: 5_000 })
    }
  }

  return {
    open,
    get count() {
      return openStreams.size
    },
    closeAll() {
      stopping = true
      for (const stream of [...openStreams]) stream.close()
    },
  }
}

function headersOf(reply: FastifyReply): Record<string, string | string[] | number> {
  const headers: Record<string, string | string[] | number> = {}
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) headers[name] = value
  }
  return headers
}

function format({ id, event, data }: ServerEvent): string {
  const head = `${id === undefined ? '' : `id: ${oneLine(id)}\n`}${event === undefined ? '' : `event: ${oneLine(event)}\n`}`
  // JSON never contains a raw line feed, so one data line is enough.
  return `${head}data: ${JSON.stringify(data)}\n\n`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, '')
}

async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.writableEnded) return
  if (response.write(text)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    response.once('drain', done)
    signal.addEventListener('abort', done, { once: true })
  })
}
