import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { until } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleSite } from './page-for-tests.ts'
import { startLevqor, type TestInstallation } from './start-levqor.ts'

const launcher = fileURLToPath(new URL('../bin/levqor.js', import.meta.url))

const jobScopes = ['jobs:read', 'jobs:write']

let levqor: TestInstallation
let site: Awaited<ReturnType<typeof sampleSite>>
beforeAll(async () => {
  site = await sampleSite()
  levqor = await startLevqor()
})
afterAll(async () => {
  await levqor[Symbol.asyncDispose]()
  await site.close()
})

function run(...args: string[]): Promise<{ code: number | null; out: string; error: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], {
      env: { ...process.env, LEVQOR_DATA_DIR: levqor.folder, LEVQOR_URL: levqor.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let error = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', (text) => {
      error += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, error }))
  })
}

it('run shows progress on stderr and prints the result alone on stdout', async () => {
  const { code, out, error } = await run(
    'run',
    'page-digest',
    '--payload',
    JSON.stringify({ url: `${site.url}/x` }),
  )
  expect({ code, error }).toMatchObject({ code: 0 })
  expect(JSON.parse(out)).toMatchObject({ title: 'A sample' })
  expect(error).toMatch(/job_[0-9a-f]{32}/)
  expect(error).toMatch(/100 %/)
})

it('jobs, job and logs tell about it', async () => {
  const detached = await run('run', 'page-digest', '-p', JSON.stringify({ url: `${site.url}/y` }), '--detach')
  const id = detached.out.trim()
  expect(id).toMatch(/^job_[0-9a-f]{32}$/)
  expect((await run('jobs')).out).toContain(id)
  for (const limit of ['1', '100']) expect((await run('jobs', '--limit', limit)).out).toContain(id)
  expect((await run('jobs', '--workflow', 'csv-report')).error).toBe('No job is like that.\n')
  expect((await run('job', id)).out).toContain('http.request')
  expect((await run('logs', id)).code).toBe(0)
})

it('run says so when no worker is there to take the job', async () => {
  await using idle = await startLevqor({ LEVQOR_ROLES: 'api' })
  const waiting = await idle.request('POST', '/api/v1/api-keys', { body: { name: 'x', scopes: jobScopes } })
  for (const [key, words] of [
    [idle.firstRun.api_key, 'No worker is running'],
    [waiting.body.secret, 'The job is still waiting'],
  ]) {
    const child = spawn(
      process.execPath,
      [launcher, 'run', 'page-digest', '-p', '{"url":"https://x.test"}'],
      {
        env: { ...process.env, LEVQOR_DATA_DIR: idle.folder, LEVQOR_URL: idle.url, LEVQOR_API_KEY: key },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let error = ''
    child.stderr.on('data', (text) => {
      error += text
    })
    await until(() => error.includes(words), { what: words, timeoutMs: 20_000 })
    const closed = once(child, 'close')
    child.kill()
    await closed
  }
}, 60_000)

it('help lists every command, and each explains itself', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  for (const name of ['start', 'run', 'jobs', 'job', 'logs', 'sign-in-link', 'audit'])
    expect(out).toContain(name)
  expect((await run('run', '--help')).out).toContain('--payload')
})

it.each([
  [['run', 'page-digest', '--payload', '{nope'], 2, /not JSON/],
  [['run', 'no-such', '--payload', '{}'], 1, /unknown_workflow/],
  [['run', 'page-digest', '--payload', '{}'], 1, /\/payload\/url/],
  [['run'], 2, /name of a workflow/],
  [['job', 'job_7'], 1, /not_found/],
  [['jobs', '--status', 'asleep'], 2, /one of/],
  [['jobs', '--limit', '0'], 2, /from 1 to 100/],
  [['jobs', '--limit', '101'], 2, /from 1 to 100/],
  [['jobs', '--limit', 'ten'], 2, /from 1 to 100/],
  [['dance'], 2, /no command/],
  [['jobs', '--nope'], 2, /Usage/],
  [['jobs', 'extra'], 2, /too many/],
] as const)('%j says what to change', async (args, code, message) => {
  const result = await run(...args)
  expect(result.error).toMatch(message)
  expect(result.code).toBe(code)
  expect(result.out).toBe('')
})

it('a first-run.json that is garbled is named', async () => {
  const file = join(levqor.folder, 'first-run.json')
  const good = readFileSync(file, 'utf8')
  writeFileSync(file, '{')
  const { code, error } = await run('jobs')
  writeFileSync(file, good)
  expect(error).toMatch(/first-run\.json in .* cannot be read/)
  expect(code).toBe(1)
})

it('a sign-in link can be renewed on the machine', async () => {
  const { code, out } = await run('sign-in-link', levqor.firstRun.admin_email)
  expect(code).toBe(0)
  expect(out).toMatch(/\/sign-in\/link#token=/)
})

describe('audit verify', () => {
  const good = { code: 0, last: 'Every chain holds.' }
  const broken = { code: 1, last: 'The log has been changed outside Levqor.' }

  async function verify() {
    const { code, out } = await run('audit', 'verify')
    const lines = out.trim().split('\n')
    return { code, first: lines[0], found: lines.slice(1, -1), last: lines.at(-1) }
  }

  /** In the file itself, as somebody does who can read and write the disk. */
  function inFile<T>(work: (file: DatabaseSync) => T): T {
    const file = new DatabaseSync(join(levqor.folder, 'levqor.db'), { timeout: 5_000 })
    try {
      return work(file)
    } finally {
      file.close()
    }
  }
  const write = (sql: string, ...values: (string | number)[]) =>
    inFile((file) => expect(file.prepare(sql).run(...values).changes).toBe(1))

  /** A row in the middle of a chain that is sealed. */
  async function middleRow() {
    for (let i = 0; i < 3; i++)
      await levqor.request('POST', '/api/v1/api-keys', { body: { name: `key ${i}` } })
    const sealed = () =>
      inFile((file) =>
        file
          .prepare(`SELECT id, seq, workspace_id, action FROM audit_log WHERE action = 'api_key.created'`)
          .all(),
      )
    await until(() => sealed().length >= 3 && sealed().every(({ seq }) => seq !== null), {
      what: 'the rows to be sealed',
      timeoutMs: 15_000,
    })
    const row = sealed()[1]
    return { id: String(row?.id), place: `in chain ${row?.workspace_id} at row ${row?.seq}` }
  }

  it('says that a good log holds, with status 0; of one row that was changed it names chain and row, with status 1', async () => {
    const { id, place } = await middleRow()
    expect(await verify()).toMatchObject({
      ...good,
      first: expect.stringMatching(
        /^\d+ rows in \d+ chains, \d+ signed checkpoints, \d+ rows not sealed yet\.$/,
      ),
      found: [],
    })
    write(`UPDATE audit_log SET action = 'api_key.forged' WHERE id = ?`, id)
    expect(await verify()).toMatchObject({ ...broken, found: [`BROKEN row_changed ${place}`] })
    const { code, out } = await run('audit', 'verify', '--json')
    expect([code, JSON.parse(out).problems]).toMatchObject([1, [{ code: 'row_changed' }]])
    // The server goes on meanwhile; what was written since then does not hide it.
    await levqor.request('POST', '/api/v1/api-keys', { body: { name: 'later' } })
    expect(await verify()).toMatchObject(broken)
    write(`UPDATE audit_log SET action = 'api_key.created' WHERE id = ?`, id)
    expect(await verify()).toMatchObject(good)
  }, 60_000)

  it('says of a row that is gone that it is missing, and where', async () => {
    const { id, place } = await middleRow()
    const row = inFile((file) => file.prepare('SELECT * FROM audit_log WHERE id = ?').get(id))
    write('DELETE FROM audit_log WHERE id = ?', id)
    expect(await verify()).toMatchObject({ ...broken, found: [`BROKEN row_missing ${place}`] })
    const names = Object.keys(row ?? {})
    inFile((file) =>
      file
        .prepare(`INSERT INTO audit_log (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
        .run(...Object.values(row ?? {})),
    )
    expect(await verify()).toMatchObject(good)
  }, 60_000)
})
