// Fastify adapter of the guard.
export { type GuardFastifyOptions, guardFastify, sendDecision } from './guard-fastify.ts'
