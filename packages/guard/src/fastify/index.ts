// Fastify adapter of the guard.
export { type GuardFastifyOptions, guardFastify } from './guard-fastify.ts'
export { sendDecision } from './send-decision.ts'
