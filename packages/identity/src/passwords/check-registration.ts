// Whether whoever confirms an address is also who registered it. Anybody can register anybody's address with a password of
// their own, and the owner of the mailbox cannot tell such a mail from theirs: with the token alone they would confirm an
// account that a stranger's password opens.

import { serviceError } from '@levqor/server'
import { findOpenToken } from '../one-time-tokens/find-token.ts'
import { requireRight } from '../secrets/attempt-result.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import type { ReadContext } from '../services.ts'
import { preparePassword } from './password-rules.ts'

interface Confirmation {
  readonly token: string
  /** Of the registration. A given one is checked in its own browser, too. */
  readonly password?: string | undefined
  /** The mark of this browser. */
  readonly browser?: string | undefined
  readonly addressKey: string
}

/**
 * Uses nothing up.
 * @returns the id of the token that may be used; undefined when there is none to use
 * @throws ServiceError `registration_other_browser`, `registration_password_wrong`, `locked`, `limits_unavailable`
 */
export async function checkRegistration(
  { db, services, clock, requestId }: Pick<ReadContext, 'db' | 'services' | 'clock' | 'requestId'>,
  { token, password, browser, addressKey }: Confirmation,
): Promise<string | undefined> {
  const asked = await findOpenToken(db, { token, purpose: 'verify-email', now: clock.now() })
  if (!asked) return undefined
  const registration = asked.data
  if (password === undefined) {
    const sameBrowser = browser !== undefined && hashSecret(browser) === registration.browser
    if (!sameBrowser) throw serviceError('registration_other_browser')
    return asked.id
  }
  const { attempt, passwords } = services.identity
  const result = await attempt(
    // A name of its own: who guesses here locks nobody out of an account.
    { account: `registration:${asked.id}`, address: addressKey, requestId },
    async () =>
      (await passwords.verify(registration.passwordHash, preparePassword(password))) ? asked.id : undefined,
  )
  return requireRight(result, 'registration_password_wrong')
}
