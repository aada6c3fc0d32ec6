// Fastify: a route names its door, or the server does not start.
import { guardFastify } from '@levqor/guard/fastify'
import { fastify } from 'fastify'
import { createNotesGuard, identifyKey } from './notes-guard.ts'

const app = fastify()
await app.register(
  guardFastify(createNotesGuard(), { identify: (request) => identifyKey(request.headers.authorization) }),
)
app.get('/api/notes', { config: { door: 'notes' } }, async (request) => ({ for: request.guard.actor?.id }))
app.get('/', { config: { door: 'page' } }, async ({ guard }, reply) =>
  reply
    .type('text/html')
    .send(`<!doctype html><script nonce="${guard.nonce}">document.title = 'Hi'</script>`),
)

const address = await app.listen({ port: Number(process.env.PORT ?? 3000) })
console.log(`listening on ${address}`)
