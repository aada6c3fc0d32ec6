// Ends all of the caller's sessions but the one that asks.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from './end-sessions.ts'

export const endOtherSessions = defineVerb({
  name: 'auth.sessions.end-others',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<{ readonly ended: number }> {
    const { actor } = ctx
    requireUser(actor)
    const ended = await endSessions(ctx, {
      userId: actor.id,
      except: actor.sessionId,
      reason: 'ended-by-owner',
    })
    if (ended === 0) ctx.changedNothing()
    else {
      await ctx.audit({
        action: 'session.others_ended',
        target: { kind: 'user', id: actor.id },
        details: { ended },
      })
    }
    return { ended }
  },
})
