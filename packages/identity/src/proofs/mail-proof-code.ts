// Mails six digits to somebody who has neither a password nor a second factor. They hold for the session that asked only,
// and a newer mail ends the older.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { addressOf } from '../accounts/address-of.ts'
import { holdPerson } from '../accounts/hold-person.ts'
import { insertToken } from '../one-time-tokens/insert-token.ts'
import { decodeTokenData } from '../one-time-tokens/token-data.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { newCode } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { digestProofCode } from './proof-code.ts'
import { proofMethods } from './proof-methods.ts'

export const mailProofCode = defineVerb({
  name: 'auth.proof.mail',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<{ readonly expiresAt: number }> {
    const { db, clock, ids, services, requestId } = ctx
    const { userId, sessionId } = await requireOwnSession(ctx)
    const { policy, sendAccountMail } = services.identity
    await holdPerson(db, userId)
    if (!(await proofMethods(db, userId)).includes('mail')) throw serviceError('proof_method_unsuitable')
    const tables = db.tables<IdentityTables>()
    const now = clock.now()
    const recent = await tables
      .selectFrom('one_time_tokens')
      .select(['id', 'data', 'expires_at'])
      .where('user_id', '=', userId)
      .where('purpose', '=', 'proof')
      .where('expires_at', '>', now)
      .orderBy('expires_at')
      .execute()
    if (recent.length >= policy.mailsPerAddress) {
      const retryAfterMs = (recent[0]?.expires_at ?? now) - now
      throw serviceError('proof_mails_exhausted', { retryAfterMs })
    }
    const older = recent.filter(({ data }) => decodeTokenData('proof', data).session === sessionId)
    for (const { id } of older) {
      await tables.updateTable('one_time_tokens').set({ used_at: now }).where('id', '=', id).execute()
    }
    const email = await addressOf(db, userId)
    const id = ids.next()
    const code = newCode()
    const { expiresAt } = await insertToken(ctx, {
      id,
      purpose: 'proof',
      hash: digestProofCode(services, id, code),
      userId,
      email,
      data: { session: sessionId },
      lifetimeMs: policy.proofCodeMs,
    })
    await sendAccountMail(db, {
      to: email,
      subject: `Your code for ${policy.productName}`,
      paragraphs: ['Type it in where you were asked to confirm that it is you.'],
      code: { text: code, expiresAt },
      warning:
        'If you were not asked for it, somebody else uses a session of yours: end it in your account. Tell the code to nobody.',
      requestId,
    })
    await ctx.audit({
      action: 'proof_code.mailed',
      target: { kind: 'session', id: sessionId },
      details: { user: userId },
    })
    return { expiresAt }
  },
})
