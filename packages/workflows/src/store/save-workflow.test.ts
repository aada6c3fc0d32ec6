// Versions on both databases: numbered, immutable, one workspace each.
import { eachStore, manualClock, realIds } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import type { CheckedDefinition } from '../definition/check-definition.ts'
import { installShippedWorkflows, shippedWorkflows } from '../shipped/shipped-workflows.ts'
import { getWorkflow } from './get-workflow.ts'
import { listVersions, listWorkflows } from './list-workflows.ts'
import { loadVersion } from './load-version.ts'
import { saveWorkflow } from './save-workflow.ts'
import { workflowsSchema } from './workflows-schema.ts'

const tools = { clock: manualClock(), ids: realIds() }
const own = '01930000-0000-7000-8000-000000000001'
const foreign = '01930000-0000-7000-8000-000000000002'

// What checkDefinition gives; checking has its own tests.
const definition = (name: string, text: string) =>
  ({ name, steps: [{ id: 'a', use: 'text.template', with: { text } }] }) as unknown as CheckedDefinition

eachStore((store) => {
  async function setup() {
    const database = await store.open([workflowsSchema])
    const save = (item: CheckedDefinition, workspace = own) =>
      database.workspace(workspace).transaction((tx) => saveWorkflow(tx, { definition: item }, tools))
    return {
      database,
      save,
      read: database.workspace(own).read,
      foreignRead: database.workspace(foreign).read,
    }
  }

  describe('saveWorkflow', () => {
    it('numbers versions, keeps old ones as they were, and makes none when nothing changed', async () => {
      const { save, read } = await setup()
      const first = await save(definition('a', 'one'))
      const same = await save(definition('a', 'one'))
      const second = await save(definition('a', 'two'))
      const back = await save(definition('a', 'one'))
      expect([first, same, second, back].map(({ version, created }) => [version, created])).toEqual([
        [1, true],
        [1, false],
        [2, true],
        [3, true],
      ])
      expect(same.versionId).toBe(first.versionId)
      expect(await loadVersion(read, first.versionId)).toMatchObject({
        version: 1,
        definition: definition('a', 'one'),
      })
      expect(await getWorkflow(read, { name: 'a' })).toMatchObject({ version: 3, versionId: back.versionId })
      expect(await getWorkflow(read, { workflowId: first.workflowId, version: 2 })).toMatchObject({
        definition: definition('a', 'two'),
      })
    })

    it('the order of keys is no change', async () => {
      const { save } = await setup()
      const { name, steps } = definition('a', 'one')
      await save({ name, steps } as CheckedDefinition)
      expect(await save({ steps, name } as CheckedDefinition)).toMatchObject({ version: 1, created: false })
    })

    it('twenty saves at once give twenty versions', async () => {
      const { save, read } = await setup()
      const saved = await Promise.all(
        Array.from({ length: 20 }, (_, n) => save(definition('a', `text ${n}`))),
      )
      expect(saved.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, n) => n + 1),
      )
      expect(await getWorkflow(read, { name: 'a' })).toMatchObject({ version: 20 })
    })

    it('the same name in another workspace is another workflow, and neither sees the other', async () => {
      const { save, read, foreignRead } = await setup()
      const mine = await save(definition('a', 'mine'))
      const theirs = await save(definition('a', 'theirs'), foreign)
      expect(theirs.version).toBe(1)
      expect(theirs.workflowId).not.toBe(mine.workflowId)
      expect(await loadVersion(foreignRead, mine.versionId)).toBeUndefined()
      expect(await getWorkflow(foreignRead, { workflowId: mine.workflowId })).toBeUndefined()
      expect((await listVersions(foreignRead, mine.workflowId)).items).toEqual([])
      expect((await listWorkflows(read)).items.map(({ versionId }) => versionId)).toEqual([mine.versionId])
    })
  })

  describe('lists', () => {
    it('page through all workflows by name and all versions from the newest', async () => {
      const { save, read } = await setup()
      for (const name of ['b', 'a', 'c-d', 'c']) await save(definition(name, 'x'))
      for (const text of ['1', '2', '3']) await save(definition('a', text))
      const names: string[] = []
      let cursor: string | undefined
      do {
        const page = await listWorkflows(read, { limit: 3, cursor })
        names.push(...page.items.map(({ name }) => name))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(names).toEqual(['a', 'b', 'c', 'c-d'])
      const { workflowId } = (await getWorkflow(read, { name: 'a' })) ?? { workflowId: '' }
      const newest = await listVersions(read, workflowId, { limit: 2 })
      const older = await listVersions(read, workflowId, { limit: 2, cursor: newest.nextCursor })
      expect([...newest.items, ...older.items].map(({ version }) => version)).toEqual([4, 3, 2, 1])
      expect(older.nextCursor).toBeUndefined()
      await expect(listWorkflows(read, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad_cursor' })
    })
  })

  it('the shipped workflows are installed once', async () => {
    const { database, read } = await setup()
    const install = () => database.workspace(own).transaction((tx) => installShippedWorkflows(tx, tools))
    expect((await install()).map(({ created }) => created)).toEqual(shippedWorkflows.map(() => true))
    expect((await install()).map(({ created }) => created)).toEqual(shippedWorkflows.map(() => false))
    expect((await listWorkflows(read)).items.map(({ name }) => name)).toEqual([
      'csv-report',
      'follow-up',
      'page-digest',
    ])
  })
})
