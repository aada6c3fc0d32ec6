// Writes down that operators no longer act for somebody. Their time is over from the very moment on, by the look-up itself;
// here it is only recorded, also for who closed the browser.
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { endImpersonation } from './end-impersonation.ts'

export const endImpersonations = defineVerb({
  name: 'impersonations.end',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({}),
  async run(ctx): Promise<{ readonly ended: number }> {
    const over = await ctx.db
      .tables<IdentityTables>()
      .selectFrom('sessions')
      .select(['id', 'user_id', 'workspace_id', 'impersonator_id', 'expires_at'])
      .where('impersonator_id', 'is not', null)
      .where('ended_at', 'is', null)
      .where('expires_at', '<=', ctx.clock.now())
      .orderBy('id')
      .limit(100)
      .execute()
    if (over.length === 0) ctx.changedNothing()
    for (const session of over) await endImpersonation(ctx, session, 'time-over', session.expires_at)
    return { ended: over.length }
  },
})
