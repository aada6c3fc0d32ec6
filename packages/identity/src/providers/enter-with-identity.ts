// Signs in whoever a provider vouched for, and makes an account for whoever has none. An address that has an account
// already is nobody’s proof: the same mailbox can be somebody else’s at another provider, or at the same one next year.
import type { ProviderId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { makeAccount } from '../accounts/make-account.ts'
import { isInvited } from '../invitations/is-invited.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { signIn } from '../sessions/sign-in.ts'
import { emailOf } from './email-of.ts'
import { findIdentity } from './find-identity.ts'
import { insertIdentity } from './insert-identity.ts'
import type { ProviderPerson } from './provider-client.ts'
import { type ProviderOutcome, type ProviderRefusal, refusal } from './provider-outcome.ts'

interface Entry {
  readonly provider: ProviderId
  readonly person: ProviderPerson
  readonly device: string
  readonly address: string
}

export async function enterWithIdentity(ctx: WriteContext, entry: Entry): Promise<ProviderOutcome> {
  const { db, clock, services } = ctx
  const { provider, person, device, address } = entry
  const known = await findIdentity(db, person)
  const made = known ? undefined : await makeAccountFor(ctx, entry)
  if (made && 'outcome' in made) return made
  // Another request may have made the account a moment ago.
  const identity = known ?? (await findIdentity(db, person))
  const tables = db.tables<IdentityTables>()
  const user = await tables
    .selectFrom('users')
    .select('email')
    .where('id', '=', identity?.user_id ?? '')
    .executeTakeFirst()
  if (!identity || !user) return refusal('provider_account_closed', 'account')
  const result = await signIn(
    ctx,
    {
      // The account’s own, whatever the provider tells today.
      email: user.email,
      method: provider,
      device,
      network: services.identity.pseudonyms('address', address),
      provesMailbox: false,
    },
    address,
  )
  if (!result) return refusal('provider_account_closed', 'account')
  const { numUpdatedRows } = await tables
    .updateTable('external_identities')
    .set({ last_used_at: clock.now(), email: emailOf(person.claims) ?? null })
    .where('id', '=', identity.id)
    .executeTakeFirst()
  // Unlinked in this very moment, while the person was waited for: then nobody has signed in.
  if (Number(numUpdatedRows) === 0) throw serviceError('conflict')
  return result
}

async function makeAccountFor(
  ctx: WriteContext,
  { provider, person }: Entry,
): Promise<ProviderRefusal | undefined> {
  const { db, clock, ids, services } = ctx
  const email = emailOf(person.claims)
  if (email === undefined || !person.emailVerified) {
    return refusal('provider_email_unverified', 'email_unverified')
  }
  const owner = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirst()
  if (owner) {
    // Perhaps this very person's, made by another of their visits since the identity was looked for.
    if (await findIdentity(db, person)) return undefined
    return refusal('provider_account_exists', 'account_exists')
  }
  const open = services.identity.policy.registration === 'open'
  if (!open && !(await isInvited(db, email, clock.now())))
    return refusal('provider_not_invited', 'not_invited')
  const userId = ids.next()
  // Before the account, so that of parallel first visits one makes it and the others wait here and find it.
  if (await insertIdentity(ctx, { userId, provider, person })) {
    const account = { id: userId, email, name: nameOf(person.claims), passwordHash: null, verified: true }
    if (!(await makeAccount(ctx, account))) {
      // Somebody has registered this address in the meantime: what was made for nobody goes again.
      await db
        .tables<IdentityTables>()
        .deleteFrom('external_identities')
        .where('user_id', '=', userId)
        .execute()
      return refusal('provider_account_exists', 'account_exists')
    }
  }
  return undefined
}

const plainName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .refine((text) => text.isWellFormed() && !/[\x00-\x1f\x7f]/.test(text))

function nameOf({ name }: Readonly<Record<string, unknown>>): string | null {
  return plainName.safeParse(name).data ?? null
}
