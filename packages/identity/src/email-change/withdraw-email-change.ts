// The caller wants to keep their address after all. Needs no fresh proof: it only undoes.
import { z } from 'zod'
import { holdPerson } from '../accounts/hold-person.ts'
import { requireUser } from '../actor.ts'
import { defineVerb } from '../services.ts'
import { withdrawPending } from './email-change.ts'

export const withdrawEmailChange = defineVerb({
  name: 'auth.email.withdraw',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<void> {
    const { db, actor, clock } = ctx
    requireUser(actor)
    await holdPerson(db, actor.id)
    if (!(await withdrawPending(db, actor.id, clock.now()))) return ctx.changedNothing()
    await ctx.audit({ action: 'email.change_withdrawn', target: { kind: 'user', id: actor.id } })
  },
})
