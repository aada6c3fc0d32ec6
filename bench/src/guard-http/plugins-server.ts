// The peer: the plugins that people assemble today, set as near to our headers and checks as their options allow.
// `cached` gives it the token cache that is off unless somebody asks for it.
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import { fastify } from 'fastify'
import { answer, benchSecret } from './answer.ts'
import { helmetOptions } from './helmet-options.ts'

const app = fastify()
await app.register(helmet, helmetOptions)
await app.register(cors, { origin: ['https://app.example'], credentials: true, maxAge: 3600 })
await app.register(jwt, {
  secret: benchSecret(),
  verify: {
    algorithms: ['HS256'],
    allowedIss: 'https://app.example',
    allowedAud: 'https://api.example',
    cache: process.argv.includes('cached'),
  },
})
await app.register(rateLimit, { max: 1_000_000_000, timeWindow: '1 minute', enableDraftSpec: true })
app.get('/notes', { onRequest: (request) => request.jwtVerify().then(() => undefined) }, async () => answer)
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
