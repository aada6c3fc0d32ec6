// Ours: every header, three limits per request, the token verified with its revocation check, events counted.
import { guardFastify } from '@levqor/guard/fastify'
import { fastify } from 'fastify'
import { answer, benchSecret } from './answer.ts'
import { createFullGuard } from './full-guard.ts'

const { guard, identify } = createFullGuard(benchSecret())
const app = fastify()
await app.register(guardFastify(guard, { identify }))
app.get('/notes', { config: { door: 'notes' } }, async () => answer)
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
