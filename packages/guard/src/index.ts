// The front door of the security kernel. Adapters, outgoing requests and webhooks have subpaths of their own.
export { type AddressRanges, compileRanges, isWithinRanges, namedRanges } from './address/cidr.ts'
export { type Ip, parseIp } from './address/ip.ts'
export {
  type AddressFacts,
  type ClientAddress,
  type ClientAddressPolicy,
  type ClientAddressResolver,
  createClientAddressResolver,
} from './address/resolve-client.ts'
export { isUnsafeMethod, type OriginJudge, type OriginPolicy } from './browser/check-origin.ts'
export { type CorsPolicy, corsDefaults } from './browser/cors-policy.ts'
export {
  type Challenge,
  type ChallengeResult,
  challengeHeader,
  longestChallengeToken,
} from './challenge/challenge.ts'
export { type Clock, systemClock } from './clock.ts'
export type { Decision, DecisionOutcome } from './decision/decision.ts'
export { type DecisionReason, decisionReasons, type ReasonFacts } from './decision/reasons.ts'
export {
  type Problem,
  type ProblemContext,
  type RenderedDecision,
  renderDecision,
} from './decision/render-problem.ts'
export { type GuardError, type GuardErrorCode, guardError } from './errors.ts'
export {
  type EventDetails,
  type SecurityEvent,
  type SecurityEventInput,
  type SecurityEventName,
  type Severity,
  securityEvents,
} from './events/catalogue.ts'
export {
  createSecurityEvents,
  noSecurityEvents,
  type SecurityEvents,
  type SecurityEventsOptions,
} from './events/event-pipeline.ts'
export type { SecurityEventSink, SinkState } from './events/event-sink.ts'
export { createPseudonyms, type PseudonymOptions, type Pseudonyms } from './events/pseudonyms.ts'
export { formatSecurityLine, stdoutSink } from './events/stdout-sink.ts'
export { apiCsp, compilePageCsp, createNonce, type PageCspOptions } from './headers/csp.ts'
export {
  type CompiledHeaders,
  compileHeaders,
  type HeaderPolicy,
  type HeaderSet,
  type Serves,
} from './headers/header-policy.ts'
export type { ReportCsp } from './headers/report-csp.ts'
export type { Door } from './kernel/compile-door.ts'
export { createGuard, type Guard, type GuardOptions } from './kernel/create-guard.ts'
export type { Explain, ExplainedAnswer, ExplainedLimit, Explanation } from './kernel/explain.ts'
export type { Actor, CredentialKind, IdentifyResult, Maybe } from './kernel/identity.ts'
export { type GuardPlan, openGuard } from './kernel/open-guard.ts'
export type { Identify } from './kernel/pass-door.ts'
export type { Exchange, OpenPassage, Passage } from './kernel/passage.ts'
export type { Route, RouteMatch, RouteTable } from './kernel/route-table.ts'
export type { ByPlan, Limit, LimitKeyPart, LimitRule, LimitState } from './limits/limit.ts'
export { compileLimit } from './limits/limit.ts'
export type { LimitCharge, LimitStore, LimitVerdict } from './limits/limit-store.ts'
export {
  createMemoryLimitStore,
  type MemoryLimitStore,
  type MemoryLimitStoreOptions,
} from './limits/memory-limit-store.ts'
export { ietfRateLimitFields, type RateLimitFields } from './limits/rate-limit-fields.ts'
export { type LimitNumbers, readLimits } from './limits/read-limits.ts'
export type { Attempt, AttemptResult, AttemptSubject, Lockout } from './lockout/attempt.ts'
export type { Penalty } from './penalty/penalty-box.ts'
export { type PenaltyLevel, type PenaltyPolicy, penaltyDefaults } from './penalty/penalty-policy.ts'
export type { Penalties } from './penalty/strikes.ts'
export { checkPolicy, definePolicy } from './policy/define-policy.ts'
export { multiplyLimits } from './policy/multiply-limits.ts'
export type {
  DoorAuthentication,
  DoorRule,
  Policy,
  PolicyProblem,
  StoreFailureMode,
  TransportPolicy,
} from './policy/policy.ts'
export {
  createRotatingSecret,
  type RotatingSecret,
  type RotatingSecretOptions,
  readRotatingSecret,
} from './secrets/rotating-secret.ts'
export { createSecret, estimateEntropyBits, type Secret, type SecretOptions } from './secrets/secret.ts'
export { chatEvents } from './sockets/chat-events.ts'
export type { SocketEventRule, SocketPolicy, SocketThrottle } from './sockets/socket-policy.ts'
export {
  allEnforced,
  type Protection,
  type ProtectionMode,
  protections,
  type Switches,
  switchesFromEnvironment,
  switchVariables,
} from './switches/switches.ts'
