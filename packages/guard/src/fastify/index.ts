// Fastify adapter of the guard.
export { type GuardFastifyOptions, guardFastify } from './guard-fastify.ts'
export { type GuardFrameworkErrorsOptions, guardFrameworkErrors } from './guard-framework-errors.ts'
export { sendDecision } from './send-decision.ts'
