// Who is calling, and in which workspace.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { myFacts } from './my-facts.ts'
import type { MyFacts } from './present-me.ts'

export const getMe = defineVerb({
  name: 'auth.me',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.strictObject({}),
  async run({ db, actor, workspaceId }): Promise<MyFacts> {
    const tables = db.tables<IdentityTables>()
    const workspace = await tables
      .selectFrom('workspaces')
      .select(['id', 'name'])
      .where('id', '=', workspaceId)
      .executeTakeFirst()
    if (!workspace) throw serviceError('not_found')
    if (actor.kind !== 'user') {
      const operator = actor.kind === 'apiKey' && actor.operator
      return { user: undefined, workspace, role: 'member', operator, sessionExpiresAt: undefined }
    }
    return myFacts(db, actor, workspace)
  },
})
