// /openapi.json, the reference page, the error catalogue and their style sheet, each made once.
import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { errorsPage } from './errors-page.ts'
import { referencePage } from './reference-page.ts'

export function addDocumentation(app: FastifyInstance, door: string): void {
  const document = once(() => app.swagger())
  const files = {
    '/openapi.json': ['application/json; charset=utf-8', once(() => JSON.stringify(document()))],
    '/docs': ['text/html; charset=utf-8', once(() => referencePage(document()))],
    '/docs/errors': ['text/html; charset=utf-8', once(errorsPage)],
    '/docs/reference.css': [
      'text/css; charset=utf-8',
      once(() => readFileSync(new URL('./reference.css', import.meta.url), 'utf8')),
    ],
  } as const
  for (const [url, [type, content]] of Object.entries(files)) {
    // Read by @fastify/swagger; Fastify itself knows nothing of it.
    const schema: object = { hide: true }
    app.get(url, { config: { door, quiet: true }, schema }, (_request, reply: FastifyReply) =>
      reply.header('content-type', type).header('cache-control', 'public, max-age=300').send(content()),
    )
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
