import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startProcess } from '../start-process.ts'
import { until } from '../until.ts'
import { supervisePostgres } from './supervise-postgres.ts'

/** A temporary folder of its own, so that other runs on the machine do not disturb the count. */
function setup() {
  const parent = mkdtempSync(join(tmpdir(), 'levqor-supervisor-'))
  // Reachable for the user that root lends the server to.
  chmodSync(parent, 0o755)
  vi.stubEnv('TMPDIR', parent)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(parent, { recursive: true, force: true })
  })
  return { folders: () => readdirSync(parent) }
}

it('starts no server when nobody asks, one server for many, and removes everything at the end', async () => {
  const { folders } = setup()
  const supervisor = await supervisePostgres()
  onTestFinished(() => supervisor.stop())
  expect(folders()).toEqual([])
  const answers = await Promise.all([1, 2, 3].map(async () => (await fetch(supervisor.address)).text()))
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toMatch(/^postgres:\/\/postgres:.+@127\.0\.0\.1:\d+\/postgres$/)
  expect(folders().length).toBe(1)
  await supervisor.stop()
  expect(folders()).toEqual([])
})

it('tells its secret to nobody who does not know the whole address', async () => {
  const supervisor = await supervisePostgres()
  onTestFinished(() => supervisor.stop())
  const response = await fetch(new URL('/', supervisor.address))
  expect([response.status, await response.text()]).toEqual([404, ''])
})

it('leaves no process and no folder when the test run is killed with SIGKILL', async () => {
  const { folders } = setup()
  const module = fileURLToPath(new URL('./supervise-postgres.ts', import.meta.url))
  const run = await startProcess({
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      `const { supervisePostgres } = await import(${JSON.stringify(module)})
       const { address } = await supervisePostgres()
       console.log('serving', await (await fetch(address)).text())
       setInterval(() => {}, 1000)`,
    ],
    readyWhen: /serving (\S+)/,
  })
  const url = run.ready?.[1] ?? ''
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.end()
  expect(folders().length).toBe(1)
  await run.kill('SIGKILL')
  await until(() => folders().length === 0, {
    what: 'the folder to be removed',
    timeoutMs: 10_000,
  })
  await expect(new pg.Client({ connectionString: url }).connect()).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})
