import { eachStore, realIds, systemClock } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { asSystem } from '../system.ts'
import { appendAudit } from './append-audit.ts'
import { createAuditSigner } from './audit-signer.ts'
import { sealAudit } from './seal-audit.ts'
import { verifyAudit } from './verify-audit.ts'

const tools = { clock: systemClock, ids: realIds() }
const signer = createAuditSigner('a secret of at least thirty-two bytes')

eachStore((store) => {
  async function setup() {
    const db = await store.open([])
    const system = asSystem(db)
    const append = (workspaceId: string, note: number) =>
      db.workspace(workspaceId).transaction((tx) =>
        appendAudit(
          tx,
          {
            actor: { kind: 'user', id: 'u' },
            action: 'note.created',
            details: { note, nested: { b: 1, a: [null] } },
            personal: { name: 'Ada' },
          },
          tools,
        ),
      )
    for (let note = 0; note < 5; note++) await append('A', note)
    await append('B', 0)
    await system.transaction((tx) =>
      appendAudit(tx, { actor: { kind: 'system' }, action: 'server.started' }, tools),
    )
    await sealAudit(system, signer, systemClock)
    const change = (sql: string) => system.transaction((tx) => tx.run(sql))
    return { system, append, change, verify: () => verifyAudit(system, signer) }
  }

  it('a sealed log verifies, chain by chain', async () => {
    const { verify } = await setup()
    expect(await verify()).toEqual({
      ok: true,
      chains: 3,
      rows: 7,
      checkpoints: 3,
      unsealed: 0,
      problems: [],
    })
  })

  it('grows over several batches and counts what is not sealed yet', async () => {
    const { append, verify, system } = await setup()
    await append('A', 6)
    expect(await verify()).toMatchObject({ ok: true, rows: 7, unsealed: 1 })
    expect(await sealAudit(system, signer, systemClock)).toBe(1)
    expect(await sealAudit(system, signer, systemClock)).toBe(0)
    expect(await verify()).toMatchObject({ ok: true, rows: 8, unsealed: 0 })
  })

  it('sealers of several processes never seal a row twice', async () => {
    const { append, verify, system } = await setup()
    await Promise.all(Array.from({ length: 20 }, (_, note) => append('A', note)))
    await Promise.all(Array.from({ length: 4 }, () => sealAudit(system, signer, systemClock)))
    expect(await verify()).toMatchObject({ ok: true, rows: 27, unsealed: 0 })
  })

  it('erasing the personal field keeps the chain whole', async () => {
    const { change, verify } = await setup()
    await change(`UPDATE audit_log SET personal = NULL, personal_salt = NULL WHERE workspace_id = 'A'`)
    expect(await verify()).toMatchObject({ ok: true, rows: 7 })
  })

  describe('shows', () => {
    const tampering: Record<string, [string, string]> = {
      'a changed detail': [
        'row_changed',
        `UPDATE audit_log SET details = '{"note":9}' WHERE workspace_id = 'A' AND seq = 2`,
      ],
      'a changed actor': [
        'row_changed',
        `UPDATE audit_log SET actor_id = 'other' WHERE workspace_id = 'A' AND seq = 1`,
      ],
      'changed personal data': [
        'personal_changed',
        `UPDATE audit_log SET personal = '{"name":"Eve"}' WHERE workspace_id = 'A' AND seq = 3`,
      ],
      'a removed row': ['row_missing', `DELETE FROM audit_log WHERE workspace_id = 'A' AND seq = 3`],
      'a removed tail': ['tail_missing', `DELETE FROM audit_log WHERE workspace_id = 'A' AND seq = 5`],
      'a removed chain': ['tail_missing', `DELETE FROM audit_log WHERE workspace_id = 'B'`],
      'a forged checkpoint': [
        'checkpoint_forged',
        `UPDATE audit_checkpoints SET hash = '00' WHERE workspace_id = 'A'`,
      ],
    }
    it.each(Object.keys(tampering))('%s', async (name) => {
      const { change, verify } = await setup()
      const [code, statement] = tampering[name] ?? ['', '']
      await change(statement)
      expect(await verify()).toMatchObject({ ok: false, problems: [{ code }] })
    })
  })

  it('a checkpoint signed with another secret is forged', async () => {
    const { system } = await setup()
    const report = await verifyAudit(system, createAuditSigner('another secret of thirty-two bytes!!'))
    expect(report.problems.map(({ code }) => code)).toContain('checkpoint_forged')
  })

  it('a change whose audit row cannot be written does not happen', async () => {
    const { system, change } = await setup()
    await change('DELETE FROM audit_heads')
    await expect(
      system.transaction(async (tx) => {
        await tx.run(`DELETE FROM audit_checkpoints`)
        await appendAudit(tx, { actor: { kind: 'user' }, action: undefined as never }, tools)
      }),
    ).rejects.toThrow()
    expect(await system.read.query('SELECT 1 AS one FROM audit_checkpoints')).toHaveLength(3)
  })
})
