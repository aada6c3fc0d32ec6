// Adds the passkey that an authenticator has made.
import { finishPasskeyRegistration as contract } from '@levqor/client'
import { encodeJson } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { holdWithRecentProof } from '../sessions/hold-with-recent-proof.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { readClientData } from './client-data.ts'
import { findChallenge, useChallenge } from './passkey-challenge.ts'
import { mailAboutPasskey } from './passkey-mails.ts'
import { type PasskeyFacts, passkeyColumns } from './present-passkey.ts'
import { relyingParty } from './relying-party.ts'
import { type NewPasskey, verifyRegistration } from './verify-registration.ts'

interface Verified {
  readonly challengeId: string
  readonly made: NewPasskey
}

export const finishPasskeyRegistration = defineVerb({
  name: 'auth.passkeys.register.finish',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body.extend({ device: z.string().max(100) }),
  async prepare(ctx, { response }): Promise<Verified> {
    const { db, clock, services } = ctx
    const party = relyingParty(services)
    const { sessionId } = await requireRecentProof(ctx)
    const said = readClientData(response.response.clientDataJSON)
    if (!said) throw serviceError('passkey_refused')
    const asker = { ceremony: 'registration', holder: sessionId } as const
    const challengeId = await findChallenge(db, { challenge: said.challenge, asker, now: clock.now() })
    if (challengeId === undefined) throw serviceError('passkey_expired')
    const made = await verifyRegistration(response, said.challenge, party)
    if (!made) throw serviceError('passkey_refused')
    return { challengeId, made }
  },
  async run(ctx, { name, response, device }, { challengeId, made }): Promise<PasskeyFacts> {
    const { db, clock, ids, services } = ctx
    const { passkeysPerPerson } = services.identity.policy
    // Held: parallel additions take turns at being counted.
    const { userId } = await holdWithRecentProof(ctx)
    const tables = db.tables<IdentityTables>()
    const now = clock.now()
    await useChallenge(db, challengeId, now)
    const { count } = await tables
      .selectFrom('passkeys')
      .select((by) => by.fn.countAll<number>().as('count'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    if (Number(count) >= passkeysPerPerson) throw serviceError('too_many_passkeys')
    const row = await tables
      .insertInto('passkeys')
      .values({
        id: ids.next(),
        user_id: userId,
        credential_id: made.credentialId,
        public_key: made.publicKey,
        counter: made.counter,
        transports: encodeJson(response.response.transports ?? []),
        backed_up: made.backedUp ? 1 : 0,
        name: name ?? device,
        created_at: now,
        last_used_at: null,
      })
      .onConflict((on) => on.column('credential_id').doNothing())
      .returning(passkeyColumns)
      .executeTakeFirst()
    // Somebody has it already (section 7.1, step 27): the same words as for a bad one, so nobody learns that.
    if (!row) throw serviceError('passkey_refused')
    await ctx.audit({
      action: 'passkey.added',
      target: { kind: 'passkey', id: row.id },
      details: { user: userId, synced: made.backedUp },
      personal: { name: row.name },
    })
    await mailAboutPasskey(ctx, { userId, name: row.name, what: 'added' })
    return row
  },
})
