// A whole Levqor in this process with two workspaces, each with a key, a member in every role, an open invitation, a job in
// every state of interest and a workflow.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toPublicId } from '@levqor/client'
import { encodeJson } from '@levqor/database'
import { asSystem, asWorkspaceTransaction } from '@levqor/database/system'
import { createLogger, type HttpServer, loadConfig, type WorkspaceRole, workspaceRoles } from '@levqor/server'
import { getWorkflow, installShippedWorkflows } from '@levqor/workflows'
import { runFirst } from '../src/start/first-run.ts'
import { openPlatform, type Platform } from '../src/start/open-platform.ts'
import { serve } from '../src/start/start-server.ts'
import { testEnvironment } from './start-levqor.ts'

/** Somebody with a session, for the headers of a request. */
export interface SignedIn {
  readonly userId: string
  readonly email: string
  readonly sessionId: string
  readonly headers: { readonly cookie: string; readonly origin: string }
}

export interface Tenant {
  readonly workspaceId: string
  readonly members: Readonly<Record<WorkspaceRole, SignedIn>>
  readonly invitationId: string
  /** Whom the invitation was sent to, and what the mail says to accept it with. */
  readonly invited: { readonly email: string; readonly token: string }
  readonly key: string
  readonly keyId: string
  /** Of the viewer. */
  readonly passkeyId: string
  readonly jobId: string
  readonly deadJobId: string
  readonly workflowId: string
}

export interface TwoTenants extends AsyncDisposable {
  readonly platform: Platform
  readonly server: HttpServer
  readonly a: Tenant
  readonly b: Tenant
}

export async function openTwoTenants(databaseUrl: string): Promise<TwoTenants> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-tenants-'))
  const config = loadConfig({
    ...testEnvironment,
    LEVQOR_DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    LEVQOR_ROLES: 'api',
    LOG_LEVEL: 'silent',
  })
  const log = createLogger({ level: 'silent' })
  const platform = await openPlatform(config, log)
  const server = await serve(platform, log)
  await server.app.ready()
  const { made: first } = await runFirst(platform, log)
  if (!first) throw new Error('The database was not empty.')
  const firstId = uuidOf(first.workspace_id)
  const request = (key: string, method: 'GET' | 'POST', url: string, payload?: object) =>
    server.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${key}` },
      ...(payload ? { payload } : {}),
    })

  // The second tenant is made as the first one is: a workspace of its own and a key in it.
  const secondId = platform.database.ids.next()
  const made = await request(first.api_key, 'POST', '/api/v1/api-keys', { name: 'moved' })
  const secondKey: { id: string; secret: string } = made.json()
  const secondMembers = await signInEveryRole(platform, secondId)
  await asSystem(platform.database).transaction(async (tx) => {
    const { clock, ids } = platform.database
    await tx.run(`INSERT INTO workspaces (id, name, plan, created_at) VALUES ($1, 'Second', 'free', $2)`, [
      secondId,
      clock.now(),
    ])
    await tx.run('UPDATE api_keys SET workspace_id = $1, created_by = $2, scopes = $3 WHERE id = $4', [
      secondId,
      secondMembers.owner.userId,
      encodeJson([
        'jobs:read',
        'jobs:write',
        'workflows:read',
        'workflows:write',
        'api-keys:read',
        'api-keys:write',
      ]),
      uuidOf(secondKey.id),
    ])
    await installShippedWorkflows(asWorkspaceTransaction(tx, secondId), { clock, ids })
  })

  async function furnish(key: string, workspaceId: string, members: Tenant['members']): Promise<Tenant> {
    const submit = async (tag: string) => {
      const answer = await request(key, 'POST', '/api/v1/intake', {
        workflow: 'page-digest',
        payload: { url: `http://127.0.0.1:9/${tag}-of-${workspaceId}` },
      })
      return String(answer.json().job_id)
    }
    const jobId = await submit('waiting')
    const deadJobId = await submit('dead')
    await asSystem(platform.database).transaction((tx) =>
      tx.run(`UPDATE jobs SET state = 'dead', finished_at = $1 WHERE job_id = $2`, [1, uuidOf(deadJobId)]),
    )
    const workflow = await getWorkflow(platform.database.workspace(workspaceId).read, { name: 'page-digest' })
    const keys = await request(key, 'GET', '/api/v1/api-keys')
    const passkeyId = platform.database.ids.next()
    await asSystem(platform.database).transaction((tx) =>
      tx.run(
        `INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name, created_at)
         VALUES ($1, $2, $1, '', 0, '[]', 0, 'Phone', 1)`,
        [passkeyId, members.viewer.userId],
      ),
    )
    const email = `${randomBytes(8).toString('hex')}@invited.example.com`
    const invited = await server.app.inject({
      method: 'POST',
      url: `/api/v1/workspaces/${toPublicId('ws', workspaceId)}/invitations`,
      headers: members.owner.headers,
      payload: { email, role: 'member' },
    })
    const [mail] = await asSystem(platform.database).read.query<{ body_text: string }>(
      'SELECT body_text FROM mail_outbox WHERE recipient = $1',
      [email],
    )
    return {
      workspaceId,
      members,
      invitationId: String(invited.json().id),
      invited: { email, token: /#token=([\w-]+)/.exec(mail?.body_text ?? '')?.[1] ?? '' },
      key,
      jobId,
      deadJobId,
      keyId: String(keys.json().items[0].id),
      passkeyId: toPublicId('psk', passkeyId),
      workflowId: workflow?.workflowId ?? '',
    }
  }

  return {
    platform,
    server,
    a: await furnish(first.api_key, firstId, await signInEveryRole(platform, firstId)),
    b: await furnish(secondKey.secret, secondId, secondMembers),
    async [Symbol.asyncDispose]() {
      await server.stop(1_000)
      await platform.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A member of the workspace in each role, signed in; written as rows, because how they signed in is no matter here. */
async function signInEveryRole(platform: Platform, workspaceId: string): Promise<Tenant['members']> {
  const { database, config } = platform
  const { clock, ids } = database
  const signIn = async (role: WorkspaceRole): Promise<SignedIn> => {
    const userId = ids.next()
    const sessionId = ids.next()
    const email = `${role}-${randomBytes(8).toString('hex')}@example.com`
    const token = randomBytes(32).toString('base64url')
    const hash = createHash('sha256').update(token).digest('hex')
    const now = clock.now()
    await asSystem(database).transaction(async (tx) => {
      await tx.run(
        `INSERT INTO users (id, email, name, status, operator, email_verified_at, created_at, updated_at)
         VALUES ($1, $2, NULL, 'active', 0, $3, $3, $3)`,
        [userId, email, now],
      )
      await tx.run(
        'INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)',
        [workspaceId, userId, role, now],
      )
      await tx.run(
        `INSERT INTO sessions (id, token_hash, user_id, workspace_id, method, proven_at, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, 'magic-link', $5, $5, $5, $6)`,
        [sessionId, hash, userId, workspaceId, now, now + 86_400_000],
      )
    })
    return {
      userId,
      email,
      sessionId: toPublicId('ses', sessionId),
      headers: { cookie: `levqor_session=${token}`, origin: config.url },
    }
  }
  const signedIn = await Promise.all(workspaceRoles.map(async (role) => [role, await signIn(role)] as const))
  // One entry for each role of the list.
  return Object.fromEntries(signedIn) as Tenant['members']
}

/** `job_0193…` → the UUID in the database. */
export function uuidOf(publicId: string): string {
  const hex = publicId.slice(publicId.indexOf('_') + 1)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
