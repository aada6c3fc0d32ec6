// A Fastify request as the kernel reads it.
import type { FastifyRequest } from 'fastify'
import type { Exchange } from '../kernel/passage.ts'

/** Nothing is copied but references. */
export function exchangeOf(request: FastifyRequest): Exchange {
  return {
    method: request.method,
    url: request.raw.url ?? '/',
    remoteAddress: request.raw.socket.remoteAddress,
    encrypted: 'encrypted' in request.raw.socket,
    headers: request.headers,
    requestId: request.id,
  }
}
