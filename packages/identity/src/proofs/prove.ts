// Somebody who is signed in proves again who they are, so that sensitive verbs admit them for a while.
import { prove as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { useToken } from '../one-time-tokens/use-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { useCode } from '../second-factor/use-code.ts'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { type CheckedProof, checkCodeProof, checkMailProof, checkPasswordProof } from './check-proof.ts'
import { proofMethods } from './proof-methods.ts'
import { type RecordedProof, recordProof } from './record-proof.ts'

export const prove = defineVerb({
  name: 'auth.proof.give',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({ proof: contract.body, addressKey: z.string() }),
  async prepare(ctx, { proof, addressKey }): Promise<CheckedProof> {
    const session = await requireOwnSession(ctx)
    const methods = await proofMethods(ctx.db, session.userId)
    const wanted = 'code' in proof ? 'totp' : 'password' in proof ? 'password' : 'mail'
    // Before anything is looked at: it could not count.
    if (!methods.includes(wanted)) throw serviceError('proof_method_unsuitable')
    if ('code' in proof) return checkCodeProof(ctx, session, { code: proof.code, addressKey })
    if ('password' in proof) return checkPasswordProof(ctx, session, { password: proof.password, addressKey })
    return checkMailProof(ctx, session, { code: proof.mail_code, addressKey })
  },
  async run(ctx, _, checked): Promise<RecordedProof> {
    const { db, clock } = ctx
    const { userId } = await requireOwnSession(ctx)
    switch (checked.method) {
      case 'password': {
        const same = await db
          .tables<IdentityTables>()
          .selectFrom('users')
          .select('id')
          .where('id', '=', userId)
          .where('password_hash', '=', checked.passwordHash)
          .executeTakeFirst()
        if (!same) throw serviceError('password_wrong')
        break
      }
      case 'mail': {
        const used = await useToken(db, { id: checked.tokenId, now: clock.now() })
        if (!used) throw serviceError('proof_code_wrong')
        break
      }
      default:
        await useCode(ctx, userId, checked.right)
    }
    return recordProof(ctx, { method: checked.method })
  },
})
