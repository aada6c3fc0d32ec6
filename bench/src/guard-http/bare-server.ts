// The bare route: no header, no limit, no token. Run as a process of its own.
import { fastify } from 'fastify'
import { answer } from './answer.ts'

const app = fastify()
app.get('/notes', async () => answer)
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
