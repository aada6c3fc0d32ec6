// Real servers on loopback for tests of outgoing requests: web servers, and bare sockets that speak as they like.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { afterEach } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { createEgress, type EgressOptions, type EgressRequest, isEgressError } from './index.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
})

/** Listens on a free port of loopback until the test ends. */
export async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port
}

/** An egress that may reach one port of loopback, and keeps its events. */
function egressTo(port: number, options: EgressOptions) {
  const events: SecurityEventInput[] = []
  const egress = createEgress({
    allow: [`127.0.0.1:${port}`],
    events: { emit: (event) => events.push(event) },
    ...options,
  })
  const failure = async (target: string, request: EgressRequest = {}) => {
    const error: unknown = await egress.fetch(target, request).then(
      (response) => new Error(`answered ${response.status}`),
      (reason) => reason,
    )
    if (!isEgressError(error)) throw error
    return { code: error.code, reason: error.details.reason }
  }
  return { egress, url: `http://127.0.0.1:${port}`, port, events, failure }
}

/** A web server that counts its hits, and an egress that may reach exactly that port. */
export async function setupEgress(handler: Handler, options: EgressOptions = {}) {
  const hits: IncomingMessage[] = []
  const server = createServer((request, response) => {
    hits.push(request)
    handler(request, response)
  })
  return { ...egressTo(await listen(server), options), hits }
}

/** A bare socket: `speak` is called once the head of a request is there; `received` is every byte that came. */
export async function setupSocket(speak: (socket: Socket) => void, options: EgressOptions = {}) {
  const received: string[] = []
  const server = createTcpServer((socket) => {
    const index = received.push('') - 1
    let spoken = false
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received[index] += chunk.toString('latin1')
      if (spoken || !received[index]?.includes('\r\n\r\n')) return
      spoken = true
      speak(socket)
    })
  })
  return { ...egressTo(await listen(server), options), received }
}
