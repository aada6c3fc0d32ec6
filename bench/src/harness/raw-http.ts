// HTTP as a load generator needs it: written on sockets, one request under way on each. The load shares the machine with the
// server; general clients (undici, autocannon, node:http) spend more time on a request than a bare server does and would be
// what is measured.
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Status line and header lines. */
  readonly head: string
  readonly body: string
}

export function openConnection(origin: string): Promise<Socket> {
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

/** Calls `onAnswer` with each answer of a connection; `onError` when it throws, and when the connection ends. */
export function readAnswers(
  socket: Socket,
  onAnswer: (answer: RawAnswer) => void,
  onError: (error: unknown) => void,
): void {
  const read = answerReader()
  socket.on('error', onError)
  socket.on('close', () => onError(new Error('The server closed a connection.')))
  socket.on('data', (chunk: string) => {
    try {
      const answer = read(chunk)
      if (answer) onAnswer(answer)
    } catch (error) {
      onError(error)
    }
  })
}

/** Collects chunks until an answer is complete. One answer at a time, with a Content-Length, as Fastify sends JSON. */
function answerReader(): (chunk: string) => RawAnswer | undefined {
  let text = ''
  return (chunk) => {
    text += chunk
    const headEnd = text.indexOf('\r\n\r\n')
    if (headEnd < 0) return undefined
    const head = text.slice(0, headEnd)
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    if (length === undefined) throw new Error(`An answer has no Content-Length:\n${head}`)
    const body = text.slice(headEnd + 4)
    if (body.length < Number(length)) return undefined
    text = ''
    return { status: Number(head.slice(9, 12)), head, body }
  }
}
