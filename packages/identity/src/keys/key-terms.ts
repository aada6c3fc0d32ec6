// What a key may do, until when and from where: read from a request, with every problem at once.
import { compileRanges } from '@levqor/guard'
import { type Actor, type Problem, serviceError } from '@levqor/server'
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
 * @throws ServiceError `validation_failed` for scopes that the maker lacks, a past expiry and what is no range
 */
export function checkTerms(terms: AskedTerms, maker: Actor, now: number): void {
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
    ...(terms.allowed_addresses ?? []).flatMap((range, at) =>
      isRange(range)
        ? []
        : problem(
            `/allowed_addresses/${at}`,
            'bad_address_range',
            'Give a range such as 203.0.113.0/24 or 2001:db8::/32, or one address.',
          ),
    ),
  ]
  if (problems.length > 0) throw serviceError('validation_failed', { problems })
}

function problem(pointer: string, code: string, message: string): Problem[] {
  return [{ pointer, code, message }]
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
