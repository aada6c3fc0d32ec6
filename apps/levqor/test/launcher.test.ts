import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, httpFixture, startProcess, until } from '@levqor/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startLevqor, testEnvironment } from './start-levqor.ts'

const launcher = fileURLToPath(new URL('../bin/levqor.js', import.meta.url))

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'levqor-launcher-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const environment = async (more: Record<string, string> = {}) => ({
  ...testEnvironment,
  LEVQOR_ROLES: 'api,worker',
  LEVQOR_DATA_DIR: folder,
  PORT: String(await freePort()),
  ...more,
})

it('Ctrl-C, which a terminal sends to the whole group, stops gracefully', async () => {
  await using server = await startProcess({
    command: process.execPath,
    args: [launcher, 'start'],
    env: await environment(),
    readyWhen: /Levqor is ready/,
  })
  // `kill` signals the group, as a terminal does.
  expect(await server.kill('SIGINT')).toEqual({ code: 0, signal: null })
  expect(server.output()).toContain('Stopping')
})

it('a stop in the middle of a step hands the job back without counting a failure', async () => {
  const site = await httpFixture(() => new Promise<string>(() => undefined))
  await using levqor = await startLevqor({ LEVQOR_STOP_TIMEOUT_MS: '200' })
  const { body } = await levqor.request('POST', '/api/v1/intake', {
    body: { workflow: 'page-digest', payload: { url: site.url } },
  })
  await until(() => site.hits.length === 1, { what: 'the step to be in flight' })
  await levqor.restart('SIGTERM')
  const job = (await levqor.request('GET', `/api/v1/jobs/${body.job_id}`)).body
  expect(job).toMatchObject({ failures: 0, crashes: 0 })
  expect(job.attempt_log[0].state).toBe('handed_back')
  await site.close()
})

it.each([
  ['a value that is none', { PORT: 'abc' }, /PORT/],
  [
    'a database that does not answer',
    { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
    /ECONNREFUSED|connect/i,
  ],
  ['a data folder that is a file', { LEVQOR_DATA_DIR: '/dev/null' }, /\S/],
] as const)('%s stops the start with a sentence, not with a stack', async (_name, more, message) => {
  const env = await environment(more)
  const { code, output } = await run(['start'], env)
  expect(code).toBeGreaterThan(0)
  expect(output).toMatch(message)
  expect(output).not.toMatch(/\n\s+at /)
})

it('a port that is taken is explained', async () => {
  await using levqor = await startLevqor()
  const port = new URL(levqor.url).port
  const { code, output } = await run(['start'], await environment({ PORT: port }))
  expect(code).toBe(1)
  expect(output).toMatch(/EADDRINUSE[\s\S]*Set PORT/)
  expect(output).not.toMatch(/\n\s+at /)
})

it('a link for somebody who has no account is refused with a sentence', async () => {
  const { code, output } = await run(['sign-in-link', 'nobody@example.com'], await environment())
  expect(code).toBe(1)
  expect(output).toContain('Nobody here has the address nobody@example.com.')
  expect(output).not.toMatch(/\n\s+at /)
})

function run(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
