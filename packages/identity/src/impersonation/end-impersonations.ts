// Writes down that operators no longer act for somebody. From the end of their time, or of their own session, on nothing is
// found any more, by the look-up itself; here it is only recorded, also for who closed the browser.
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
      .selectFrom('sessions as visit')
      .leftJoin('sessions as own', 'own.id', 'visit.impersonator_session_id')
      .select('visit.id')
      .where('visit.impersonator_id', 'is not', null)
      .where('visit.ended_at', 'is', null)
      .where((by) =>
        by.or([by('visit.expires_at', '<=', ctx.clock.now()), by('own.ended_at', 'is not', null)]),
      )
      .orderBy('visit.id')
      .limit(100)
      .execute()
    if (over.length === 0) ctx.changedNothing()
    for (const { id } of over) {
      if (!(await endImpersonation(ctx, id, 'time-over'))) ctx.changedNothing()
    }
    return { ended: over.length }
  },
})
