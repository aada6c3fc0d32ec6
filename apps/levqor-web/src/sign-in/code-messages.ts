// What stands beside a field when its code or password was wrong: that it was, and what to do.
import type { LevqorError } from '@levqor/client'

const wrong: ReadonlySet<string> = new Set(['second_factor_wrong', 'proof_code_wrong', 'password_wrong'])

/** Empty for every other error. */
export function codeMessages(error: LevqorError | undefined): readonly string[] {
  return error && wrong.has(error.code) ? [`${error.problem.title}.`, error.message] : []
}
