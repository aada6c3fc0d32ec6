// Somebody found a key where it should not be. Whoever holds its text may end it: they could use it, too. The answer is
// the same for texts that are no key, and nothing is told of whose key it was.
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { apiKeyHash } from './api-key-format.ts'

export const reportApiKey = defineVerb({
  name: 'api-keys.report',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({
    key: z.string(),
    /** For the security event only, where it becomes a pseudonym. */
    address: z.string(),
  }),
  async run(ctx, { key: text, address }): Promise<void> {
    const { db, clock, requestId, services } = ctx
    const { credentials, events, sendAccountMail } = services.identity
    const hash = apiKeyHash(text.trim())
    const tables = db.tables<IdentityTables>()
    // The one statement that decides between parallel reports: one mail, one event.
    const key =
      hash === undefined
        ? undefined
        : await tables
            .updateTable('api_keys')
            .set({ revoked_at: clock.now(), revoked_reason: 'reported' })
            .where('key_hash', '=', hash)
            .where('revoked_at', 'is', null)
            .returning(['id', 'workspace_id', 'name', 'display_prefix', 'created_by'])
            .executeTakeFirst()
    if (!key) {
      ctx.changedNothing()
      return
    }
    const { id, workspace_id: workspaceId, name, display_prefix: prefix } = key
    await ctx.audit({
      action: 'api_key.reported',
      target: { kind: 'api_key', id },
      details: { name, prefix },
      workspaceId,
    })
    const owner = await tables
      .selectFrom('users')
      .select('email')
      .where('id', '=', key.created_by)
      .executeTakeFirst()
    if (owner) {
      await sendAccountMail(db, {
        to: owner.email,
        subject: 'An API key was reported as leaked and has ended',
        paragraphs: [
          `Somebody found the key “${name}” (${prefix}…) and reported it. It was ended at once: programs that use it are turned away.`,
          'Make a new key for them, look at what the old one was used for, and find out where it was lying.',
        ],
        warning: 'If you reported it yourself, there is nothing more to do than to replace it.',
        requestId,
        workspaceId,
      })
    }
    db.afterCommit(() => {
      credentials.endApiKey(id, 'reported')
      events.emit({ event: 'key.reported', requestId, address, workspaceId, details: { key: id } })
    })
  },
})
