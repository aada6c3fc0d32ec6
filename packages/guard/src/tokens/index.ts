// Access and refresh tokens, cookies, revocation.
export {
  type AccessClaims,
  clockToleranceMs,
  revocationSubject,
} from './access/access-claims.ts'
export {
  type AccessSubject,
  type AccessTokenOptions,
  type AccessTokens,
  type AccessVerdict,
  createAccessTokens,
} from './access/access-tokens.ts'
export {
  type IdentifyByToken,
  type IdentifyByTokenOptions,
  identifyByToken,
  type TokenActor,
  type TokenRequest,
} from './access/identify-by-token.ts'
export type { TokenAlgorithm } from './access/token-algorithms.ts'
export { createTokenKeys, type TokenKeyOptions, type TokenKeys } from './access/token-keys.ts'
export { type TokenRefusal, tokenRefusals } from './access/token-refusals.ts'
export { type Cookie, type CookieFacts, createCookie } from './cookies/cookie.ts'
export type { CookieReading } from './cookies/cookie-header.ts'
export { createTokenCookies, type TokenCookies } from './cookies/token-cookies.ts'
export { createMemoryRefreshStore } from './refresh/memory-refresh-store.ts'
export type { RefreshFamily, RefreshStep, RefreshStore } from './refresh/refresh-store.ts'
export {
  createRefreshTokens,
  type RefreshTokenOptions,
  type RefreshTokens,
} from './refresh/refresh-tokens.ts'
export type {
  IssuedRefreshToken,
  RefreshRefusal,
  RefreshRequest,
  RefreshReuse,
  RotationResult,
} from './refresh/rotate-family.ts'
export { createRevocations, type RevocationOptions } from './revocation/create-revocations.ts'
export { inProcessRevocationBus } from './revocation/in-process-bus.ts'
export { createMemoryRevocationStore } from './revocation/memory-revocation-store.ts'
export { busSilentAfterMs, type RevocationBus, type RevocationListener } from './revocation/revocation-bus.ts'
export { mergeRevocations, revocationKinds, voids } from './revocation/revocation-rules.ts'
export type { RevocationStore, StoredRevocation } from './revocation/revocation-store.ts'
export type {
  Revocation,
  RevocationKind,
  RevocationSubject,
  Revocations,
} from './revocation/revocations.ts'
export type { TokenCookiePolicy, TokenPolicy } from './token-policy.ts'
