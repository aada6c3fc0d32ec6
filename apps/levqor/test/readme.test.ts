// What the README tells to paste is pasted.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import { sampleSite } from './page-for-tests.ts'
import { startLevqor, type TestInstallation } from './start-levqor.ts'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const [runsJob = '', signsIn = ''] = [...readme.matchAll(/```sh\n([^`]*curl[^`]*)```/g)].map(
  ([, lines]) => lines,
)
const hasCurl = spawnSync('curl', ['--version']).status === 0
if (!hasCurl && process.env.REQUIRE_SERVICES === '1') throw new Error('This machine has no curl.')

/** In a folder whose `.levqor` is the installation's. */
async function paste(levqor: TestInstallation, lines: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  symlinkSync(levqor.folder, join(folder, '.levqor'))
  const { stdout } = await promisify(execFile)('sh', ['-euc', lines], { cwd: folder })
  return stdout
}

it.skipIf(!hasCurl)(
  'the lines with curl run a job, and sign a program in and on',
  async () => {
    await using levqor = await startLevqor()
    const site = await sampleSite()
    onTestFinished(() => site.close())
    const job = await paste(levqor, runsJob.replace('https://example.com', `${site.url}/x`))
    expect(JSON.parse(job)).toMatchObject({ workflow: 'page-digest' })

    // The way that the README names: a new password by mail.
    const { admin_email: email } = levqor.firstRun
    await levqor.request('POST', '/api/auth/forgot-password', { body: { email }, key: null })
    let token: string | undefined
    await until(
      async () => {
        const { items } = (await levqor.request('GET', '/ops/outbox')).body
        if (items.length === 0) return false
        const { text } = (await levqor.request('GET', `/ops/outbox/${items[0].id}`)).body
        token = /#token=([\w-]+)/.exec(text)?.[1]
        return token !== undefined
      },
      { what: 'the mail' },
    )
    const password = 'correct horse battery staple'
    const chosen = await levqor.request('POST', '/api/auth/reset-password', {
      body: { token, password },
      key: null,
    })
    expect(chosen.status).toBe(200)

    const mine = signsIn.replace('you@example.com', email).replace('the password that you chose', password)
    expect(mine).toContain(password)
    const [me, renewed] = (await paste(levqor, `${runsJob.split('\n')[0]}\n${mine}`))
      .replace('}{', '}\n{')
      .split('\n')
    expect(JSON.parse(me ?? '')).toMatchObject({ user: { email } })
    expect(JSON.parse(renewed ?? '')).toMatchObject({ token_type: 'Bearer', user: { email } })
  },
  60_000,
)
