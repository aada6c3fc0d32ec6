// The peer: the middleware that people assemble today, set as near to our headers and checks as its options allow.
import cors from 'cors'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import jwt from 'jsonwebtoken'
import { answer, benchSecret } from '../guard-http/answer.ts'
import { helmetOptions } from '../guard-http/helmet-options.ts'
import { announce } from './announce.ts'

const secret = benchSecret()
const app = express()
app.use(helmet(helmetOptions))
app.use(cors({ origin: ['https://app.example'], credentials: true, maxAge: 3600 }))
app.use(
  rateLimit({ limit: 1_000_000_000, windowMs: 60_000, standardHeaders: 'draft-8', legacyHeaders: false }),
)
app.use((request, response, next) => {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
  try {
    response.locals.claims = jwt.verify(token, secret, {
      algorithms: ['HS256'],
      issuer: 'https://app.example',
      audience: 'https://api.example',
    })
    next()
  } catch {
    response.status(401).json({ error: 'unauthorized' })
  }
})
app.get('/notes', (_, response) => void response.json(answer))
announce(app)
