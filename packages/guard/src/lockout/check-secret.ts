// The same work for accounts that exist and accounts that do not: without it the time of an answer is a list of
// customers (OWASP ASVS 5.0, V6.3.8).

/** Settings of {@link checkSecret}. */
export interface SecretCheck<A> {
  /** Looks the account up. `undefined`: there is none, or it has no secret of this kind. */
  readonly find: () => Promise<A | undefined>
  /** Verifies the secret against an account. Runs exactly once, whatever `find` says. */
  readonly verify: (account: A) => Promise<boolean>
  /**
   * Stands in where there is no account. Its stored secret must cost as much to verify as a real one: the same
   * algorithm and parameters. Whatever `verify` says about it, nobody gets in.
   */
  readonly dummy: A
}

/**
 * The `check` to hand to {@link Attempt}: resolves to the account when the secret is right, otherwise to `undefined`.
 * @example
 * const dummy = { id: '', passwordHash: await hash(randomBytes(32)) } // once, at start
 * const result = await guard.attempt(
 *   { account: email, address: passage.client.key },
 *   checkSecret({ find: () => findByEmail(email), verify: (user) => verify(user.passwordHash, password), dummy }),
 * )
 */
export function checkSecret<A>({ find, verify, dummy }: SecretCheck<A>): () => Promise<A | undefined> {
  return async () => {
    const found = await find()
    const right = await verify(found ?? dummy)
    return right ? found : undefined
  }
}
