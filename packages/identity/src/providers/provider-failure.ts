// Why a provider’s answer was not taken: a code for the person, and a cause for security events. Nothing that the provider
// wrote goes into either.
import type { ProviderProblem } from '@levqor/client'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'

export interface ProviderFailure {
  readonly code: Extract<
    ProviderProblem,
    'provider_declined' | 'provider_unavailable' | 'provider_answer_refused'
  >
  readonly cause: string
}

/** An answer that the library takes and we do not. */
export class UnacceptableAnswer extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`The answer of the provider is not acceptable: ${reason}.`)
    this.reason = reason
  }
}

const claims: ReadonlySet<unknown> = new Set(['iss', 'aud', 'azp', 'nonce', 'exp', 'iat', 'nbf', 'sub'])

const unavailable = (cause: string): ProviderFailure => ({ code: 'provider_unavailable', cause })
const refused = (cause: string): ProviderFailure => ({ code: 'provider_answer_refused', cause })

export function describeFailure(error: unknown): ProviderFailure {
  if (error instanceof UnacceptableAnswer) return refused(error.reason)
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return { code: 'provider_declined', cause: 'declined' }
    return unavailable('provider_error')
  }
  if (error instanceof ResponseBodyError) {
    if (error.error === 'invalid_grant') return refused('code')
    return unavailable(error.error === 'invalid_client' ? 'client_credentials' : 'token_endpoint')
  }
  if (error instanceof ClientError) return ofLibrary(error)
  // fetch: a name that is not found, a closed port, a broken certificate.
  return unavailable('network')
}

// https://github.com/panva/oauth4webapi/blob/main/docs/README.md#error-codes
function ofLibrary(error: ClientError): ProviderFailure {
  switch (error.code) {
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_ABORT':
      return unavailable('timeout')
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return unavailable('http')
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return refused('expired')
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return refused(claimOf(error))
    case 'OAUTH_KEY_SELECTION_FAILED':
      return refused('key')
    case 'OAUTH_INVALID_RESPONSE':
      return refused(/signature/.test(causeOf(error)) ? 'signature' : partOf(causeOf(error)))
    case 'OAUTH_UNSUPPORTED_OPERATION':
      return refused('algorithm')
    default:
      return error.code === undefined ? unavailable('network') : refused('answer')
  }
}

function claimOf({ cause }: ClientError): string {
  const facts = cause instanceof Error ? cause.cause : undefined
  const claim = typeof facts === 'object' && facts !== null && 'claim' in facts ? facts.claim : undefined
  return claims.has(claim) ? `claim_${String(claim)}` : 'claim'
}

/** The library’s own words. */
function causeOf({ cause }: ClientError): string {
  return cause instanceof Error ? cause.message : ''
}

function partOf(words: string): string {
  if (/"alg"/.test(words)) return 'algorithm'
  return /\(issuer\) response parameter|response parameter "iss"/.test(words) ? 'iss_parameter' : 'answer'
}
