// Signs in with a password. The lockout reserves a place before the password is looked at; an account that does not exist
// costs the same work and gets the same answer.
import { login as contract } from '@levqor/client'
import { checkSecret } from '@levqor/guard/lockout'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { attemptError } from '../secrets/attempt-result.ts'
import { defineVerb } from '../services.ts'
import { type SignIn, signIn } from '../sessions/sign-in.ts'
import { preparePassword } from './password-rules.ts'

interface Checked {
  readonly id: string
  /** As it was when it was checked. */
  readonly passwordHash: string
  /** With today’s parameters, when they have changed. */
  readonly renewed: string | undefined
}

/** With the proof that this device is known from now on, once the whole sign-in is done. */
export type LoginResult = SignIn & { readonly deviceCookie?: string }

export const login = defineVerb({
  name: 'auth.login',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body.extend({
    email: normalisedEmail,
    device: z.string().max(100),
    /** The client's address, and what it is counted by. */
    address: z.string(),
    addressKey: z.string(),
    deviceCookie: z.string().optional(),
  }),
  async prepare({ db, services, requestId }, input): Promise<Checked> {
    const { attempt, passwords, knownDevices } = services.identity
    const { email, addressKey } = input
    const knownDevice = knownDevices.prove(input.deviceCookie, email)
    const password = preparePassword(input.password)
    const result = await attempt(
      {
        account: email,
        address: addressKey,
        requestId,
        ...(knownDevice === undefined ? {} : { knownDevice }),
      },
      checkSecret({
        async find() {
          const user = await db
            .tables<IdentityTables>()
            .selectFrom('users')
            .select(['id', 'password_hash'])
            .where('email', '=', email)
            .where('status', '=', 'active')
            .executeTakeFirst()
          const passwordHash = user?.password_hash
          return user && passwordHash ? { id: user.id, passwordHash } : undefined
        },
        verify: ({ passwordHash }) => passwords.verify(passwordHash, password),
        dummy: { id: '', passwordHash: passwords.dummy },
      }),
    )
    if (result.outcome !== 'succeeded') throw attemptError(result.decision)
    const { value } = result
    const renewed = passwords.isOutdated(value.passwordHash) ? await passwords.hash(password) : undefined
    return { ...value, renewed }
  },
  async run(ctx, { email, device, address, deviceCookie, transport }, checked): Promise<LoginResult> {
    const { db, clock, services } = ctx
    // The password may have been changed since it was checked, a moment ago.
    const { numUpdatedRows } = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set(
        checked.renewed === undefined
          ? // Changes nothing, but holds the row for as long as the session is made.
            { password_hash: checked.passwordHash }
          : { password_hash: checked.renewed, updated_at: clock.now() },
      )
      .where('id', '=', checked.id)
      .where('password_hash', '=', checked.passwordHash)
      .executeTakeFirst()
    const result =
      Number(numUpdatedRows) === 0
        ? undefined
        : await signIn(
            ctx,
            {
              email,
              method: 'password',
              device,
              network: services.identity.pseudonyms('address', address),
              provesMailbox: false,
              transport,
            },
            address,
          )
    if (!result) throw serviceError('invalid_credentials')
    if (result.outcome === 'second-factor') return result
    return { ...result, deviceCookie: services.identity.knownDevices.remember(deviceCookie, email) }
  },
})
