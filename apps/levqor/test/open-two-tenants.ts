// A whole Levqor in this process with two workspaces, each with a key, a job in every state of interest and a workflow.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeJson } from '@levqor/database'
import { asSystem, asWorkspaceTransaction } from '@levqor/database/system'
import { createLogger, type HttpServer, loadConfig } from '@levqor/server'
import { getWorkflow, installShippedWorkflows } from '@levqor/workflows'
import { runFirst } from '../src/start/first-run.ts'
import { openPlatform, type Platform } from '../src/start/open-platform.ts'
import { serve } from '../src/start/start-server.ts'
import { testEnvironment } from './start-levqor.ts'

export interface Tenant {
  readonly workspaceId: string
  readonly key: string
  readonly keyId: string
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
  await asSystem(platform.database).transaction(async (tx) => {
    const { clock, ids } = platform.database
    await tx.run(`INSERT INTO workspaces (id, name, plan, created_at) VALUES ($1, 'Second', 'free', $2)`, [
      secondId,
      clock.now(),
    ])
    await tx.run('UPDATE api_keys SET workspace_id = $1, scopes = $2 WHERE id = $3', [
      secondId,
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

  async function furnish(key: string, workspaceId: string): Promise<Tenant> {
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
    return {
      workspaceId,
      key,
      jobId,
      deadJobId,
      keyId: String(keys.json().items[0].id),
      workflowId: workflow?.workflowId ?? '',
    }
  }

  return {
    platform,
    server,
    a: await furnish(first.api_key, uuidOf(first.workspace_id)),
    b: await furnish(secondKey.secret, secondId),
    async [Symbol.asyncDispose]() {
      await server.stop(1_000)
      await platform.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** `job_0193…` → the UUID in the database. */
export function uuidOf(publicId: string): string {
  const hex = publicId.slice(publicId.indexOf('_') + 1)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
