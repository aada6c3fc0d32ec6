// What every write of a room leaves in the audit log, over HTTP: exactly its rows, in the right chain, by whom it was and about
// what, with personal data where it can be erased and no secret at all.
import { createAuditSigner, platformChain, sealAudit, verifyAudit } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Route } from '@levqor/server'
import { eachStore, type TestStore, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import type { IdentityServices } from './services.ts'
import { type AuditRow, type AuditWorld, personal, type Someone } from './test-audit-world.ts'

type Doer = Pick<Someone, 'id' | 'home'>

export interface AuditedWrite<W extends AuditWorld = AuditWorld> {
  /** `chain actor action target`, sorted. `own` and `me` are those of whoever {@link run} gives. */
  readonly rows: readonly string[]
  /** Prepares, says that it is `ready`, and does it once. Gives whose doing it is. */
  run(world: W): Promise<Doer | undefined>
}

export type AuditedWrites<W extends AuditWorld = AuditWorld> = Readonly<Record<string, AuditedWrite<W>>>

/** A request of the person itself. */
export function by<W extends AuditWorld, P extends Someone>(
  prepare: (world: W) => Promise<P>,
  method: string,
  path: string | ((me: P) => string),
  body?: unknown,
): AuditedWrite<W>['run'] {
  return async (world) => {
    const me = await prepare(world)
    await world.ready()
    await me.do(method, typeof path === 'string' ? path : path(me), body)
    return me
  }
}

export const someone = (world: AuditWorld): Promise<Someone> => world.someone()

/** Where the targets of the log live. */
const tables: Readonly<Record<string, string>> = {
  user: 'users',
  session: 'sessions',
  api_key: 'api_keys',
  workspace: 'workspaces',
  invitation: 'invitations',
  magic_link: 'magic_links',
  one_time_token: 'one_time_tokens',
  passkey: 'passkeys',
  external_identity: 'external_identities',
}
/** Their target is gone. */
const removals: ReadonlySet<string> = new Set(['passkey.removed', 'identity.unlinked'])

/** The writes are those of the room's routes; one that is not in the table fails the test. */
export function testAuditedRoutes<W extends AuditWorld>(
  routes: readonly Route<IdentityServices>[],
  open: (store: TestStore) => Promise<W>,
  writes: AuditedWrites<W>,
): void {
  it('every write of the room’s routes is in the table', () => {
    const ids = routes.filter(({ verb }) => verb.kind === 'write').map(({ contract }) => contract.id)
    expect(Object.keys(writes).sort()).toEqual(ids.sort())
  })
  testAuditedWrites(open, writes)
}

export function testAuditedWrites<W extends AuditWorld>(
  open: (store: TestStore) => Promise<W>,
  writes: AuditedWrites<W>,
): void {
  eachStore((store) => {
    let world: W
    afterEach(() => world.stop())

    it('each write leaves exactly its rows, nothing personal outside its place and no secret', async () => {
      world = await open(store)
      const found: Record<string, readonly string[]> = {}
      for (const [id, { rows, run }] of Object.entries(writes)) {
        const doer = await run(world)
        await until(async () => (await world.since()).length >= rows.length, { what: `the rows of ${id}` })
        const told = await world.since()
        found[id] = told.map((row) => rowOf(row, doer, world)).sort()
        for (const row of told) await expectTarget(row, world, id)
      }
      expect(found).toEqual(Object.fromEntries(Object.entries(writes).map(([id, { rows }]) => [id, rows])))
      await expectNothingTold(world)
      const signer = createAuditSigner('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo')
      const system = asSystem(world.database)
      expect(await sealAudit(system, signer, world.clock)).toBe((await world.log()).length)
      expect(await verifyAudit(system, signer)).toMatchObject({ ok: true, problems: [], unsealed: 0 })
    }, 60_000)
  })
}

function rowOf(row: AuditRow, doer: Doer | undefined, { operator }: AuditWorld): string {
  const { workspace_id: chain, actor_kind: kind, actor_id: actor } = row
  const whose = () => {
    if (chain === platformChain) return 'platform'
    if (chain === doer?.home) return 'own'
    return chain === operator.home ? 'first' : 'new'
  }
  const whom = () => {
    if (kind !== 'user' && kind !== 'impersonation') return [kind, actor].filter(Boolean).join(':')
    return `${kind === 'user' ? '' : `${kind}:`}${actor === doer?.id ? 'me' : `somebody else ${actor}`}`
  }
  return [whose(), whom(), row.action, row.target_kind ?? '–'].join(' ')
}

async function expectTarget(row: AuditRow, { rows }: AuditWorld, id: string): Promise<void> {
  const table = tables[row.target_kind ?? '']
  expect(table, `${id}: ${row.target_kind}`).toBeDefined()
  if (removals.has(row.action)) return
  const targets = await rows(`SELECT id FROM ${table} WHERE id = $1`, [row.target_id ?? ''])
  expect(targets, `${id}: target of ${row.action}`).toHaveLength(1)
}

async function expectNothingTold({ log, rows, secrets }: AuditWorld): Promise<void> {
  for (const row of await log()) {
    const open = JSON.stringify(row)
    expect(open).not.toMatch(/@|\d+\.\d+\.\d+\.\d+/)
    expect(open).not.toContain(personal)
  }
  const everything = JSON.stringify(await rows('SELECT * FROM audit_log'))
  expect(secrets.size).toBeGreaterThan(1)
  for (const secret of secrets) {
    // Six digits in a row are in many an identifier.
    const written = /^\d{6}$/.test(secret) ? `"${secret}"` : secret
    expect(everything.includes(written), `a secret like ${secret.slice(0, 6)}…`).toBe(false)
  }
}
