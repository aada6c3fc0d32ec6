import { fromPublicId } from '@levqor/client'
import { asSystem, describeSchema } from '@levqor/database/system'
import { createLogger } from '@levqor/server'
import { eachStore, type TestStore } from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import { identitySchema } from '../schema/identity-schema.ts'
import type { IdentityServices } from '../services.ts'
import { testInstallation, tokenOf } from '../test-installation.ts'
import { type FirstRun, provisionFirstRun } from './provision-first-run.ts'

const log = createLogger({ level: 'silent', stream: { write: () => undefined } })

async function setup(store: TestStore) {
  const database = await store.open([identitySchema])
  const furnished: string[] = []
  // Only these are used by the first start.
  const services = {
    identity: {
      url: 'http://levqor.test',
      policy: { operatorLinkMs: 1_000 },
      furnishWorkspace: async (_tx: unknown, id: string) => void furnished.push(id),
    },
  } as unknown as IdentityServices
  const runtime = { database, clock: database.clock, ids: database.ids, services }
  const start = (keep: (document: FirstRun) => Promise<void> = async () => undefined) =>
    provisionFirstRun({ runtime, log, email: 'Ada@Example.com', keep })
  const count = async (table: string) =>
    (await asSystem(database).read.query(`SELECT 1 AS one FROM ${table}`)).length
  return { database, start, count, furnished }
}

eachStore((store) => {
  it('makes an administrator, a workspace, a key and a link, and keeps nothing secret in the clear', async () => {
    const { database, start, count, furnished } = await setup(store)
    const document = await start()
    expect(document).toMatchObject({ url: 'http://levqor.test', admin_email: 'ada@example.com' })
    expect(furnished).toEqual([fromPublicId('ws', document?.workspace_id ?? '')])
    for (const table of ['users', 'workspaces', 'memberships', 'api_keys', 'magic_links', 'audit_log']) {
      expect(await count(table), table).toBe(1)
      const text = JSON.stringify(await asSystem(database).read.query(`SELECT * FROM ${table}`))
      expect(text).not.toContain(document?.api_key)
      expect(text).not.toContain(tokenOf(document?.sign_in_link ?? ''))
    }
  })

  it('happens once', async () => {
    const { start, count } = await setup(store)
    await start()
    expect(await start(() => Promise.reject(new Error('must not be asked')))).toBeUndefined()
    expect(await count('users')).toBe(1)
  })

  it('ten processes that start together provision once', async () => {
    const { start, count } = await setup(store)
    const documents = await Promise.all(Array.from({ length: 10 }, () => start()))
    expect(documents.filter((document) => document !== undefined)).toHaveLength(1)
    expect([await count('users'), await count('workspaces'), await count('api_keys')]).toEqual([1, 1, 1])
  })

  it('when the document cannot be kept, nothing is made, and the next start begins anew', async () => {
    const { start, count } = await setup(store)
    await expect(start(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
    expect(await count('users')).toBe(0)
    expect(await start()).toBeDefined()
  })

  it('no secret of a whole sign-in is found in a log line, an audit row or a table', async () => {
    const installation = await testInstallation(store)
    onTestFinished(() => installation.stop())
    const { call, firstRun, logLines, rows, database, identity } = installation
    const jar = new Map<string, string>()
    const token = tokenOf(firstRun.sign_in_link)
    await call('POST', '/api/auth/magic-link/verify', { body: { token }, jar })
    await call('POST', `/api/auth/magic-link/verify?token=${token}`, { body: { token }, jar })
    const headers = { origin: 'http://levqor.test' }
    const made = await call('POST', '/api/v1/api-keys', { body: { name: 'x' }, jar, headers })
    await call('GET', `/api/auth/me?key=${made.body.secret}`, { key: made.body.secret })
    await call('POST', '/api/auth/logout', { jar: new Map(jar), headers })
    await identity.stop()
    const secrets = [token, firstRun.api_key, made.body.secret, ...jar.values(), 'admin@example.com']
    for (const secret of secrets) expect(logLines.join('')).not.toContain(secret)
    expect(logLines.length).toBeGreaterThan(4)
    for (const table of Object.keys(await describeSchema(asSystem(database).read))) {
      const text = JSON.stringify(await rows(`SELECT * FROM ${table}`))
      for (const secret of secrets.slice(0, -1)) expect(text, table).not.toContain(secret)
    }
  })

  it('the two databases have the same schema, and every table is in the data map', async () => {
    const { database } = await setup(store)
    const schema = await describeSchema(asSystem(database).read)
    expect(Object.keys(schema).filter((table) => !(table in database.dataMap))).toEqual([])
    expect(schema.sessions?.indexes).toHaveProperty('sessions_token', {
      columns: ['token_hash'],
      unique: true,
      partial: false,
    })
  })
})
