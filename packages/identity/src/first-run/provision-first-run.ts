// The first start: an administrator, their workspace, their key and their sign-in link.
import { apiKeyScopes, toPublicId } from '@levqor/client'
import { isUniqueViolation } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { type Logger, runVerb, type VerbRuntime } from '@levqor/server'
import { z } from 'zod'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import { type NewApiKey, newApiKey } from '../keys/api-key-format.ts'
import { insertApiKey } from '../keys/insert-api-key.ts'
import { insertOperatorLink } from '../magic-links/renew-sign-in-link.ts'
import { signInLink } from '../magic-links/sign-in-link.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { newToken, type OpaqueToken } from '../secrets/opaque-token.ts'
import { defineVerb, type IdentityServices } from '../services.ts'
import { insertWorkspace } from '../workspaces/insert-workspace.ts'

/** What the first administrator is told, once. Kept in `first-run.json`. */
export interface FirstRun {
  readonly url: string
  readonly admin_email: string
  readonly sign_in_link: string
  readonly api_key: string
  readonly workspace_id: string
}

interface Provisions {
  readonly userId: string
  readonly workspaceId: string
  readonly key: NewApiKey
  readonly token: OpaqueToken
}

const provision = defineVerb({
  name: 'first-run.provision',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({
    email: normalisedEmail,
    // Made beforehand, so that they are safely written down before anything is committed.
    provisions: z.custom<Provisions>(),
  }),
  async run(ctx, { email, provisions }): Promise<boolean> {
    const { db, clock, ids } = ctx
    const { userId, workspaceId, key, token } = provisions
    const tables = db.tables<IdentityTables>()
    const somebody = await tables.selectFrom('users').select('id').limit(1).executeTakeFirst()
    if (somebody) {
      ctx.changedNothing()
      return false
    }
    const now = clock.now()
    const times = { created_at: now, updated_at: now }
    await tables
      .insertInto('users')
      .values({
        id: userId,
        email,
        name: null,
        status: 'active',
        operator: 1,
        email_verified_at: null,
        last_login_at: null,
        ...times,
      })
      .execute()
    await insertWorkspace(ctx, {
      id: workspaceId,
      name: 'First workspace',
      ownerId: userId,
      created_at: now,
    })
    const facts = { workspace_id: workspaceId, name: 'First key', created_by: userId, created_at: now }
    const { row } = await insertApiKey(db, { id: ids.next(), ...facts, scopes: apiKeyScopes }, key)
    await insertOperatorLink(ctx, email, token)
    await ctx.audit({
      action: 'installation.provisioned',
      target: { kind: 'workspace', id: workspaceId },
      details: { user: userId, key: row.id },
      personal: { email },
    })
    return true
  },
})

export interface FirstRunOptions {
  readonly runtime: VerbRuntime<IdentityServices>
  readonly log: Logger
  readonly email: string
  /** Writes the document down. Called before the commit: a crash in between leaves a file and no account, and the
   * next start begins anew; the other way round the secrets would be lost. */
  keep(document: FirstRun): Promise<void>
}

/** Provisions an empty installation. Undefined when somebody has an account already. */
export async function provisionFirstRun(options: FirstRunOptions): Promise<FirstRun | undefined> {
  const { runtime, log, keep } = options
  const email = normalisedEmail.parse(options.email)
  const users = await asSystem(runtime.database).read.query('SELECT 1 AS one FROM users LIMIT 1')
  if (users.length > 0) return undefined
  const { url } = runtime.services.identity
  const provisions: Provisions = {
    userId: runtime.ids.next(),
    workspaceId: runtime.ids.next(),
    key: newApiKey(),
    token: newToken(),
  }
  const document: FirstRun = {
    url,
    admin_email: email,
    sign_in_link: signInLink(url, provisions.token.text),
    api_key: provisions.key.text,
    workspace_id: toPublicId('ws', provisions.workspaceId),
  }
  await keep(document)
  const call = { actor: { kind: 'system', id: 'first-run' }, requestId: 'first-run', log } as const
  try {
    return (await runVerb(runtime, provision, call, { email, provisions })) ? document : undefined
  } catch (error) {
    // Another process on the same database was faster.
    if (isUniqueViolation(error)) return undefined
    throw error
  }
}
