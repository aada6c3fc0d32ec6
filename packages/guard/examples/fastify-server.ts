// Fastify: a route names its door, or the server does not start.
import { guardFastify, guardFrameworkErrors } from '@levqor/guard/fastify'
import { fastify } from 'fastify'
import { createNotesGuard, identifyKey } from './notes-guard.ts'

export const guard = createNotesGuard()
// Addresses that Fastify itself cannot read are counted too.
const app = fastify({ frameworkErrors: guardFrameworkErrors(guard) })
await app.register(guardFastify(guard, { identify: (request) => identifyKey(request.headers.authorization) }))
app.get('/api/notes', { config: { door: 'notes' } }, async (request) => ({ for: request.guard.actor?.id }))
app.get('/', { config: { door: 'page' } }, async ({ guard }, reply) =>
  reply
    .type('text/html; charset=utf-8')
    .send(`<!doctype html><script nonce="${guard.nonce}">document.title = 'Hi'</script>`),
)

if (import.meta.main) {
  const address = await app.listen({ port: Number(process.env.PORT ?? 3000) })
  console.log(`listening on ${address}`)
}
