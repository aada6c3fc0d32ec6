// Takes an account at a provider away from the caller's, unless nothing else would let them in again.
import { unlinkIdentity as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { hasPasskey } from '../passkeys/has-passkey.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { voidFirstFactors } from '../second-factor/void-first-factors.ts'
import { defineVerb, type WriteContext } from '../services.ts'
import { holdWithRecentProof } from '../sessions/hold-with-recent-proof.ts'

export const unlinkIdentity = defineVerb({
  name: 'auth.identities.unlink',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params,
  async run(ctx, { id: publicId }): Promise<void> {
    const { db, services, requestId } = ctx
    // Held: two at once would each be the other's other way.
    const { userId } = await holdWithRecentProof(ctx)
    const tables = db.tables<IdentityTables>()
    const identity = await tables
      .selectFrom('external_identities')
      .select(['id', 'provider'])
      .where('id', '=', fromPublicId('idn', publicId) ?? '')
      .where('user_id', '=', userId)
      .executeTakeFirst()
    if (!identity) throw serviceError('not_found', { detail: 'There is no such account of yours.' })
    const user = await tables
      .selectFrom('users')
      .select(['email', 'email_verified_at', 'password_hash'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    // A link is mailed to every account; only to a confirmed address it surely reaches its owner.
    const mailed = user.email_verified_at !== null
    if (!mailed && user.password_hash === null && !(await hasOtherWay(ctx, userId, identity.id))) {
      throw serviceError('identity_last_way')
    }
    await tables.deleteFrom('external_identities').where('id', '=', identity.id).execute()
    await voidFirstFactors(ctx, { userId, reason: 'identity-unlinked' })
    const { providers, policy, sendAccountMail } = services.identity
    const name = providers.get(identity.provider)?.name ?? identity.provider
    await sendAccountMail(db, {
      to: user.email,
      subject: `${name} was removed from your account at ${policy.productName}`,
      paragraphs: [
        `Your account at ${name} signs you in no more. The other ways to sign in stay as they are.`,
      ],
      warning: 'If it was not you, end all other sessions and tell the operator of this installation.',
      requestId,
    })
    await ctx.audit({
      action: 'identity.unlinked',
      target: { kind: 'external_identity', id: identity.id },
      details: { user: userId, provider: identity.provider },
    })
  },
})

/** A passkey, or another account at a provider that this installation still asks. */
async function hasOtherWay(
  { db, services }: WriteContext,
  userId: string,
  identityId: string,
): Promise<boolean> {
  if (await hasPasskey(db, userId)) return true
  const others = await db
    .tables<IdentityTables>()
    .selectFrom('external_identities')
    .select('provider')
    .where('user_id', '=', userId)
    .where('id', '<>', identityId)
    .execute()
  return others.some(({ provider }) => services.identity.providers.get(provider) !== undefined)
}
