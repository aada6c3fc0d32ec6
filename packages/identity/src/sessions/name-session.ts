// Gives the device of one of the caller's sessions a name.
import { nameSession as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type SessionFacts, sessionColumns } from './present-session.ts'

export const nameSession = defineVerb({
  name: 'auth.sessions.name',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params.extend(contract.body.shape),
  async run({ db, actor, audit }, input): Promise<SessionFacts> {
    requireUser(actor)
    const id = fromPublicId('ses', input.id) ?? ''
    const row = await db
      .tables<IdentityTables>()
      .updateTable('sessions')
      .set({ name: input.name })
      .where('id', '=', id)
      .where('user_id', '=', actor.id)
      .where('ended_at', 'is', null)
      .returning(sessionColumns)
      .executeTakeFirst()
    if (!row) throw serviceError('not_found', { detail: 'You have no session with this identifier.' })
    await audit({
      action: 'session.named',
      target: { kind: 'session', id },
      personal: { name: input.name },
    })
    return { ...row, current: id === actor.sessionId }
  },
})
