// A new password on its way into the database: one spelling, checked, hashed. Outside any transaction: hashing takes
// longer than a writer may be held.
import { serviceError } from '@levqor/server'
import type { IdentityServices } from '../services.ts'
import { loadCommonPasswords } from './common-passwords.ts'
import { needsSecondFactor, passwordProblems, preparePassword } from './password-rules.ts'

export interface ChosenPassword {
  /** PHC string. */
  readonly hash: string
  /** Too short to stand alone. */
  readonly short: boolean
}

/**
 * @throws ServiceError `validation_failed` with every problem, `busy`
 */
export async function choosePassword(
  { identity: { policy, passwords } }: IdentityServices,
  choice: {
    readonly password: string
    readonly email: string
    readonly hasSecondFactor: boolean
    /** JSON pointer of the field. */
    readonly pointer: string
  },
): Promise<ChosenPassword> {
  const password = preparePassword(choice.password)
  const problems = passwordProblems(password, {
    rules: policy.passwordRules,
    isCommon: await loadCommonPasswords(),
    hasSecondFactor: choice.hasSecondFactor,
    context: [choice.email, choice.email.split('@')[0] ?? '', policy.productName],
    pointer: choice.pointer,
  })
  if (problems.length > 0) throw serviceError('validation_failed', { problems })
  return { hash: await passwords.hash(password), short: needsSecondFactor(password, policy.passwordRules) }
}
