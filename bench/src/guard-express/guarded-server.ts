// Ours on Express: the same guard, policy and tokens as on Fastify.
import { guardExpress, requireDoors } from '@levqor/guard/express'
import express from 'express'
import { answer, benchSecret } from '../guard-http/answer.ts'
import { createFullGuard } from '../guard-http/full-guard.ts'
import { announce } from './announce.ts'

const { guard, identify } = createFullGuard(benchSecret())
const app = express()
app.use(guardExpress(guard, { identify }))
app.get('/notes', (_, response) => void response.json(answer))
requireDoors(app)
announce(app)
