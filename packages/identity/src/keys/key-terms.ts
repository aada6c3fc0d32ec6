// What a key may do, until when and from where: read from a request, with every problem at once.
import { compileRanges, isWithinRanges } from '@levqor/guard'
import { type Actor, type Problem, serviceError } from '@levqor/server'
import type { OwnTerms } from './hold-maker.ts'
import { grantableScopes } from './scopes.ts'

/** As the contract gives them; what is left out is not asked for. */
export interface AskedTerms {
  readonly scopes?: readonly string[] | undefined
  /** RFC 3339. */
  readonly expires_at?: string | null | undefined
  readonly allowed_addresses?: readonly string[] | null | undefined
}

/**
 * Refuses terms that cannot be given.
 * @throws ServiceError `validation_failed` for scopes that the maker lacks, a past expiry, what is no range, and what
 * reaches beyond the maker's own terms
 */
export function checkTerms(terms: AskedTerms, maker: Actor, own: OwnTerms, now: number): void {
  const grantable = grantableScopes(maker)
  const problems: Problem[] = [
    ...(terms.scopes ?? []).flatMap((scope, at) =>
      grantable.includes(scope)
        ? []
        : problem(`/scopes/${at}`, 'scope_not_held', `You do not have the scope ${scope} yourself.`),
    ),
    ...(typeof terms.expires_at === 'string' && Date.parse(terms.expires_at) <= now
      ? problem('/expires_at', 'in_the_past', 'This moment has passed.')
      : []),
    ...(terms.expires_at !== undefined && own.expiresAt !== null && outlasts(terms.expires_at, own.expiresAt)
      ? problem('/expires_at', 'beyond_own_expiry', 'The key that you use ends before: give no later moment.')
      : []),
    ...(terms.allowed_addresses === null && own.addresses !== null
      ? problem(
          '/allowed_addresses',
          'beyond_own_addresses',
          'The key that you use has a list: give a part of it.',
        )
      : []),
    ...(terms.allowed_addresses ?? []).flatMap((range, at) => addressProblem(range, at, own)),
  ]
  if (problems.length > 0) throw serviceError('validation_failed', { problems })
}

function problem(pointer: string, code: string, message: string): Problem[] {
  return [{ pointer, code, message }]
}

function outlasts(asked: string | null, own: number): boolean {
  return asked === null || Date.parse(asked) > own
}

function addressProblem(range: string, at: number, own: OwnTerms): Problem[] {
  const pointer = `/allowed_addresses/${at}`
  if (!isRange(range)) {
    const message = 'Give a range such as 203.0.113.0/24 or 2001:db8::/32, or one address.'
    return problem(pointer, 'bad_address_range', message)
  }
  if (own.addresses === null || isWithinRanges(range, own.addresses)) return []
  return problem(pointer, 'beyond_own_addresses', 'The key that you use may not be used from there itself.')
}

function isRange(text: string): boolean {
  try {
    compileRanges([text])
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'bad_address_range') return false
    throw error
  }
}
