import { isUniqueViolation, type PackageSchema } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { eachStore, seededIds, systemClock, type TestStore } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createLogger } from '../log/create-logger.ts'
import { refusal } from './access.ts'
import type { Actor } from './actor.ts'
import { defineVerb, verbsFor } from './define-verb.ts'
import { runVerb } from './run-verb.ts'

const notes: PackageSchema = {
  name: 'notes',
  migrations: [
    {
      number: 1,
      name: 'notes',
      sqlite:
        'CREATE TABLE notes (id TEXT PRIMARY KEY, workspace_id TEXT NOT NULL, text TEXT NOT NULL) STRICT;',
      postgres: 'CREATE TABLE notes (id TEXT PRIMARY KEY, workspace_id TEXT NOT NULL, text TEXT NOT NULL);',
    },
  ],
  dataMap: {
    notes: {
      tenancy: 'tenant',
      about: 'Notes',
      personal: {},
      retention: 'none',
      export: 'none',
      erase: 'delete',
    },
  },
}
interface Tables {
  notes: { id: string; workspace_id: string; text: string }
}

const log = createLogger({ level: 'silent', stream: { write: () => undefined } })
const user: Actor = {
  kind: 'user',
  id: 'u1',
  sessionId: 's1',
  workspaceId: 'ws1',
  role: 'member',
  operator: false,
}
const access = { actors: ['user', 'system'], role: 'member' } as const

async function setup(store: TestStore) {
  const database = await store.open([notes])
  const runtime = { database, clock: systemClock, ids: seededIds(), services: { stamp: '!' } }
  const call = (actor: Actor = user) => ({ actor, requestId: 'r1', log })
  const count = async (table: string) => {
    const [row] = await asSystem(database).read.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)
    return row?.n
  }
  return { database, runtime, call, count }
}

const add = verbsFor<{ stamp: string }>()({
  name: 'notes.add',
  kind: 'write',
  access,
  input: z.strictObject({ text: z.string().trim().min(1) }),
  async run(ctx, { text }) {
    const id = ctx.ids.next()
    const values = { id, text: text + ctx.services.stamp }
    // The handle adds the workspace itself.
    await ctx.db
      .tables<Tables>()
      .insertInto('notes')
      .values(values as Tables['notes'])
      .execute()
    await ctx.audit({ action: 'note.added', target: { kind: 'note', id } })
    return { id }
  },
})

eachStore((store) => {
  it('writes and records in one transaction, in the actor’s workspace', async () => {
    const { database, runtime, call, count } = await setup(store)
    const { id } = await runVerb(runtime, add, call(), { text: ' hello ' })
    const rows = await asSystem(database).read.query('SELECT * FROM notes')
    expect(rows).toEqual([{ id, workspace_id: 'ws1', text: 'hello!' }])
    const audit = await asSystem(database).read.query('SELECT * FROM audit_log')
    expect(audit).toMatchObject([
      {
        workspace_id: 'ws1',
        actor_kind: 'user',
        actor_id: 'u1',
        action: 'note.added',
        target_id: id,
        request_id: 'r1',
      },
    ])
    expect(await count('audit_log')).toBe(1)
  })

  it('rolls everything back when it fails after writing, or records nothing', async () => {
    const { runtime, call, count } = await setup(store)
    const broken = {
      ...add,
      run: async (...args: Parameters<typeof add.run>) => {
        await add.run(...args)
        throw new Error('late')
      },
    }
    await expect(runVerb(runtime, broken, call(), { text: 'x' })).rejects.toThrow('late')
    const silent = defineVerb({
      name: 'notes.add',
      kind: 'write',
      access,
      input: z.object({}),
      run: async (ctx) => {
        await ctx.db
          .tables<Tables>()
          .insertInto('notes')
          .values({ id: 'n', text: 'x' } as Tables['notes'])
          .execute()
      },
    })
    await expect(runVerb(runtime, silent, call(), {})).rejects.toThrow('wrote no audit row')
    expect([await count('notes'), await count('audit_log')]).toEqual([0, 0])
  })

  it('a call that changes nothing says so and needs no row', async () => {
    const { runtime, call, count } = await setup(store)
    const replay = defineVerb({
      name: 'notes.add',
      kind: 'write',
      access,
      input: z.object({}),
      run: async (ctx) => ctx.changedNothing(),
    })
    await runVerb(runtime, replay, call(), {})
    expect(await count('audit_log')).toBe(0)
  })

  it('a read verb cannot write', async () => {
    const { runtime, call, count } = await setup(store)
    const sneaky = defineVerb({
      name: 'notes.sneaky',
      kind: 'read',
      access,
      input: z.object({}),
      run: async (ctx) => {
        // @ts-expect-error a reader offers no audit
        expect(ctx.audit).toBeUndefined()
        const builder = (
          ctx.db as never as {
            tables<_T>(): { insertInto(t: string): { values(v: object): { execute(): Promise<unknown> } } }
          }
        ).tables()
        await builder.insertInto('notes').values({ id: 'n', text: 'x' }).execute()
      },
    })
    const attempt = runVerb(runtime, sneaky, call(), {})
    if (store.name === 'sqlite') await expect(attempt).rejects.toThrow()
    else await attempt.catch(() => undefined)
    if (store.name === 'sqlite') expect(await count('notes')).toBe(0)
  })

  it('a platform verb works across workspaces and chooses the chain of its audit row', async () => {
    const { database, runtime, call } = await setup(store)
    await runVerb(runtime, add, call(), { text: 'x' })
    const move = defineVerb({
      name: 'notes.count',
      kind: 'write',
      reach: 'platform',
      access: { actors: ['system'] },
      input: z.object({}),
      run: async (ctx) => {
        await ctx.audit({ action: 'notes.counted', workspaceId: 'ws1' })
        await ctx.audit({ action: 'notes.counted' })
        return ctx.db.query<{ n: number }>('SELECT count(*) AS n FROM notes')
      },
    })
    expect(await runVerb(runtime, move, call({ kind: 'system', id: 'test' }), {})).toEqual([{ n: 1 }])
    const rows = await asSystem(database).read.query<{ workspace_id: string }>(
      `SELECT workspace_id FROM audit_log WHERE action = 'notes.counted' ORDER BY workspace_id`,
    )
    expect(rows.map((row) => row.workspace_id)).toEqual(['platform', 'ws1'])
  })

  it('runs a deadlock’s loser again, and gives up at the third loss', async () => {
    const { runtime, call } = await setup(store)
    let losses = 2
    const unlucky = defineVerb({
      name: 'notes.add',
      kind: 'write',
      access,
      input: z.object({}),
      run: async (ctx) => {
        ctx.changedNothing()
        if (losses-- > 0) throw Object.assign(new Error('deadlock'), { code: 'serialization_failure' })
        return 'won'
      },
    })
    expect(await runVerb(runtime, unlucky, call(), {})).toBe('won')
    losses = 3
    await expect(runVerb(runtime, unlucky, call(), {})).rejects.toMatchObject({
      code: 'serialization_failure',
    })
  })

  it('an input that does not fit never reaches the verb', async () => {
    const { runtime, call, count } = await setup(store)
    await expect(runVerb(runtime, add, call(), { text: '  ' })).rejects.toBeInstanceOf(z.ZodError)
    expect(await count('notes')).toBe(0)
    expect(isUniqueViolation(undefined)).toBe(false)
  })
})

describe('access', () => {
  const key: Actor = { kind: 'apiKey', id: 'k', workspaceId: 'w', scopes: ['a:read'], operator: false }
  const operator: Actor = { ...user, role: 'viewer', operator: true }
  const anyone = { kind: 'anonymous' } as const
  it.each([
    ['a member where members may', { actors: ['user'], role: 'member' }, user, undefined],
    ['a member where admins may', { actors: ['user'], role: 'admin' }, user, 'forbidden'],
    [
      'an operator with a low role',
      { actors: ['user', 'operator'], role: 'admin', scope: 'a' },
      operator,
      undefined,
    ],
    ['a user where operators may', { actors: ['operator'], scope: 'a' }, user, 'operator_required'],
    ['a key with the scope', { actors: ['apiKey'], scope: 'a:read' }, key, undefined],
    ['a key without the scope', { actors: ['apiKey'], scope: 'a:write' }, key, 'scope_missing'],
    [
      'an operator’s key without the scope',
      { actors: ['operator'], scope: 'o' },
      { ...key, operator: true },
      'scope_missing',
    ],
    ['a key where users may', { actors: ['user'], role: 'viewer' }, key, 'credential_unsuitable'],
    ['a stranger', { actors: ['user'], role: 'viewer' }, anyone, 'credential_missing'],
    ['a stranger where strangers may', { actors: ['anonymous'] }, anyone, undefined],
    [
      'a task where users may',
      { actors: ['user'], role: 'viewer' },
      { kind: 'system', id: 't' },
      'credential_unsuitable',
    ],
  ] as const)('%s', (_, access, actor, expected) => {
    expect(refusal(access, actor)).toBe(expected)
  })

  it('a verb that admits keys without a scope or users without a role cannot be defined', () => {
    const define = (access: Parameters<typeof refusal>[0]) => () =>
      defineVerb({ name: 'x.y', kind: 'read', access, input: z.object({}), run: async () => 1 })
    expect(define({ actors: ['apiKey'] })).toThrow(/x\.y.*scope/)
    expect(define({ actors: ['user'] })).toThrow(/role/)
    expect(define({ actors: [] })).toThrow(/actor/)
  })
})
