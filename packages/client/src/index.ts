// The public API in one place: contracts that server, web app, command line and strangers share, and a typed client.
export { errorFrom, LevqorError } from './client-error.ts'
export * from './contracts/accounts.ts'
export * from './contracts/api-keys.ts'
export * from './contracts/auth.ts'
export {
  type Contract,
  defineContract,
  type Method,
  page,
  pageQuery,
  publicId,
  timestamp,
} from './contracts/contract.ts'
export * from './contracts/jobs.ts'
export * from './contracts/operations.ts'
export * from './contracts/passkeys.ts'
export * from './contracts/passwords.ts'
export {
  type ProblemDocument,
  problem,
  type ValidationProblem,
  validationProblem,
} from './contracts/problem.ts'
export * from './contracts/proof.ts'
export * from './contracts/providers.ts'
export { isSafeReturnPath } from './contracts/return-path.ts'
export * from './contracts/second-factor.ts'
export * from './contracts/security.ts'
export * from './contracts/sessions.ts'
export { secondFactors, signInMethods } from './contracts/sign-in-methods.ts'
export * from './contracts/users.ts'
export * from './contracts/webhooks.ts'
export * from './contracts/workflows.ts'
export * from './contracts/workspaces.ts'
export {
  type CallAnswer,
  type CallInput,
  type Client,
  type ClientOptions,
  type ClientSession,
  createClient,
  type SessionTokens,
} from './create-client.ts'
export { fromPublicId, type IdPrefix, idPrefixes, toPublicId } from './public-id.ts'
export { readEvents, type ServerSentEvent } from './read-events.ts'
