// A client of the chat, in Node: what a browser sends by itself, Origin and cookie, it must say.
import { io } from 'socket.io-client'

/** The wait is in seconds; `event` is the name that was refused, if the policy knows it. */
interface Refusal {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly retry_after?: number
  readonly event?: string
}

export function openChat(url: string, session: string) {
  const socket = io(url, {
    extraHeaders: { origin: 'http://localhost:3000', cookie: `session=${session}` },
  })
  // A refused handshake: error.data is a Refusal. One from a foreign origin gets no further than "xhr poll error".
  socket.on('connect_error', (error) => console.error(error.message, 'data' in error ? error.data : ''))
  // A refused event without an acknowledgement, and the end of the session.
  socket.on('error', ({ code, detail, retry_after }: Refusal) => console.error(code, detail, retry_after))
  return socket
}

/** A refused event that asks for an acknowledgement gets the Refusal there: event_unknown, rate_limited, … */
export async function say(socket: ReturnType<typeof openChat>, event: string, text: string) {
  const answer: Refusal | undefined = await socket.timeout(5000).emitWithAck(event, text)
  return answer?.code ?? 'sent'
}
