// What Socket.IO can only be told when its server is created: whom it may accept and how large a frame may be.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ServerOptions } from 'socket.io'
import type { Guard } from '../index.ts'
import type { OpenPassage } from '../kernel/passage.ts'
import { createSocketGate, type SocketGate } from '../sockets/index.ts'

/** The part of Socket.IO's options that the guard decides. */
export type GuardedSocketIoOptions = Required<
  Pick<ServerOptions, 'allowRequest' | 'maxHttpBufferSize' | 'connectTimeout' | 'transports'>
> &
  Pick<ServerOptions, 'cors'>

/** By `allowRequest`: a server that has the function has the gate. */
const gates = new WeakMap<object, { readonly gate: SocketGate; readonly options: GuardedSocketIoOptions }>()
const accepted = new WeakMap<IncomingMessage, OpenPassage>()

/**
 * Options for `new Server(httpServer, { ...socketIoOptions(guard), … })`: an `allowRequest` that judges transport,
 * origin and address before any upgrade (Socket.IO's own `cors` never sees an upgrade), the policy's frame size, the
 * policy's origins for cross-origin polling, and 10 seconds for a connection to say who it is.
 * @throws GuardError `bad_socket_policy` when the policy has no sockets
 */
export function socketIoOptions(guard: Guard): GuardedSocketIoOptions {
  const gate = createSocketGate(guard)
  const options: GuardedSocketIoOptions = {
    allowRequest(request, done) {
      const passage = gate.accept(exchangeOf(request))
      if (passage instanceof Promise) void passage.then((late) => answer(late, request, done))
      else answer(passage, request, done)
    },
    maxHttpBufferSize: gate.sockets.maxFrameBytes,
    connectTimeout: 10_000,
    // WebTransport sessions pass by `allowRequest`.
    transports: ['polling', 'websocket'],
    ...(gate.origins.length === 0 ? {} : { cors: { origin: [...gate.origins], credentials: true } }),
  }
  gates.set(options.allowRequest, { gate, options })
  return options
}

/** The gate and the options behind an `allowRequest`, if it is ours. */
export function gateBehind(allowRequest: ServerOptions['allowRequest']) {
  return allowRequest === undefined ? undefined : gates.get(allowRequest)
}

/** How the request for a connection passed the gate, if it did. */
export function acceptedPassage(request: IncomingMessage): OpenPassage | undefined {
  return accepted.get(request)
}

function answer(
  passage: OpenPassage,
  request: IncomingMessage,
  done: (refusal: string | null, success: boolean) => void,
): void {
  const { decision } = passage
  if (decision === undefined) accepted.set(request, passage)
  done(decision?.reason ?? null, decision === undefined)
}

/** Taken now: a polling client's first TCP connection, and with it the address, may be gone a moment later. */
function exchangeOf(request: IncomingMessage) {
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    remoteAddress: request.socket.remoteAddress,
    encrypted: 'encrypted' in request.socket,
    headers: request.headers,
    requestId: randomUUID(),
  }
}
