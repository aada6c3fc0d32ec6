// The frame of a service: configuration, logs, errors, verbs, HTTP, health, security events on our database.
export {
  databaseDeviceStates,
  databaseSignUpStates,
  pruneAbuseStates,
} from './abuse/database-abuse-states.ts'
export { databaseReviewStore, pruneReviews, reviewRetentionMs } from './abuse/database-review-store.ts'
export { type ConfigError, type ConfigProblem, configError } from './config/config-error.ts'
export { type Config, type Environment, loadConfig } from './config/load-config.ts'
export { isLoopbackHost } from './config/loopback.ts'
export type { ProviderConfig } from './config/provider-config.ts'
export type { Role } from './config/variables.ts'
export { type ErrorCode, type ErrorFacts, errorCatalogue, findError } from './errors/catalogue.ts'
export { errorTypeBase, type ProblemDocument, problemDocument } from './errors/problem-document.ts'
export {
  type Problem,
  type ServiceError,
  type ServiceErrorFacts,
  serviceError,
} from './errors/service-error.ts'
export { type TranslatedError, translateError } from './errors/translate-error.ts'
export type { AnswerOf, ParsedRequest, RouteContract } from './http/contract.ts'
export { createHttpServer, type HttpServer, type HttpServerOptions } from './http/create-http-server.ts'
export { cspReportsPath } from './http/csp-reports.ts'
export {
  defineRoute,
  type HeaderValues,
  type RequestFacts,
  type Route,
  type RouteDefinition,
} from './http/define-route.ts'
export type { EventStream, ServerEvent } from './http/event-stream.ts'
export { databaseCheck, diskCheck, type ReadinessCheck } from './http/health.ts'
export { type CredentialPlace, identified } from './http/identified.ts'
export { bodyLimitBytes } from './http/json-body.ts'
export type { Pages } from './http/pages.ts'
export { actorOf } from './http/register-routes.ts'
export { createIds, type Ids } from './ids.ts'
export { databaseLockoutStore, pruneLockouts } from './lockout/database-lockout-store.ts'
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './log/create-logger.ts'
export { type OtherProcess, type RegisteredProcess, registerProcess } from './processes/register-process.ts'
export { connectRedis, type RedisConnection } from './redis/connect-redis.ts'
export { serverSchema } from './schema/server-schema.ts'
export {
  databaseEventSink,
  pruneSecurityEvents,
  securityEventRetentionMs,
} from './security-events/database-event-sink.ts'
export {
  countSecurityEvents,
  listSecurityEvents,
  type SecurityEventFilter,
  type SecurityEventPage,
  type StoredSecurityEvent,
  severities,
} from './security-events/list-security-events.ts'
export { databaseRefreshStore } from './tokens/database-refresh-store.ts'
export {
  type DatabaseRevocationBusOptions,
  databaseRevocationBus,
} from './tokens/database-revocation-bus.ts'
export { databaseRevocationStore } from './tokens/database-revocation-store.ts'
export { type Access, type AdmittedActor, refusal } from './verbs/access.ts'
export {
  type Actor,
  type AnonymousActor,
  type ApiKeyActor,
  anonymous,
  type SystemActor,
  type UserActor,
  type WorkspaceRole,
  workspaceRoles,
} from './verbs/actor.ts'
export {
  type AuditFacts,
  defineVerb,
  type Verb,
  type VerbContext,
  type VerbDefinition,
  type VerbKind,
  type VerbReach,
  verbsFor,
} from './verbs/define-verb.ts'
export { runVerb, type VerbCall, type VerbRuntime } from './verbs/run-verb.ts'
export { databaseReplayStore, pruneWebhookMessages } from './webhooks/database-replay-store.ts'
