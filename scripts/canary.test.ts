// The canaries sing: tests that leak fail, each for its own leak, and one that does not leak passes.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { leakIn, leakInValue } from './canary-patterns.ts'
import { withCanaries } from './canary-plugin.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

async function runFixture(): Promise<{ readonly report: string; readonly printed: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'canary-'))
  const file = join(folder, 'report.json')
  const config = ['--config', 'scripts/canary-fixture/vitest.config.ts']
  const args = ['run', ...config, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  try {
    const printed = await new Promise<string>((resolve) => {
      execFile('vitest', args, { cwd: root, maxBuffer: 16_000_000 }, (_error, ...all) =>
        resolve(all.join('\n')),
      )
    })
    return { report: readFileSync(file, 'utf8'), printed }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('canaries', () => {
  it('fail each test that leaks into an event, a stream, the console or a child’s output', async () => {
    const { report, printed } = await runFixture()
    const [file] = JSON.parse(report).testResults
    const tests: { title: string; status: string; failureMessages: string[] }[] = file.assertionResults
    const sung = Object.fromEntries(
      tests.map(({ title, failureMessages }) => [
        title,
        /A canary sings: (.*)/.exec(failureMessages.join('\n'))?.[1] ?? 'nothing',
      ]),
    )
    expect(sung).toEqual({
      clean: 'nothing',
      'event with a secret': 'auth.failed reports a secret as cause',
      'event with an e-mail address': 'auth.failed reports an e-mail address as cause',
      'event with a raw address': 'auth.failed reports a raw address as cause',
      'event with a token': 'auth.failed reports a token as cause',
      'event with random text': 'auth.failed reports random text as long as a token as cause',
      'event to a listener that is no pipeline': 'auth.failed reports an e-mail address as cause',
      'console with a secret': 'a secret on the console',
      'standard output with a raw address': 'a raw address on standard output',
      'standard error with a token': 'a token on standard error',
      'child process with an e-mail address': `an e-mail address on the output of ${process.execPath}`,
    })
    expect(tests.filter(({ status }) => status === 'passed').map(({ title }) => title)).toEqual(['clean'])
    expect(printed).toMatch(/leaks\.fixture\.ts[\s\S]*A canary sings: a raw address on standard output/)
  }, 60_000)

  it('are put where events are reported and secrets are made, and nowhere else', () => {
    expect(withCanaries("events.emit({ event: 'a' })")).toBe(
      "events.emit(globalThis.canaryEvent = { event: 'a' })",
    )
    expect(withCanaries('events?.emit(input)')).toBe('events?.emit(globalThis.canaryEvent = input)')
    for (const same of ['emitter.emit(...all)', 'emitter.emit()', 'emit(input)', 'const emit = 1']) {
      expect(withCanaries(same)).toBe(same)
    }
    expect(withCanaries('export function createSecret(text: string, options: X): Secret {\n')).toBe(
      'export function createSecret(text: string, options: X): Secret { globalThis.canarySecret = text;\n',
    )
  })

  it.each([
    ['a token', 'cookie access=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'],
    ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['an API key', 'lvk_live_0123456789abcdef'],
    ['a credential', 'authorization: Bearer abcdefghijklmnop'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['an e-mail address', 'to anna.b+c@mail.example.com'],
    ['a raw address', 'from 192.0.2.255'],
    ['a raw address', 'from 2001:DB8:1::5'],
    ['a secret', 'it is hunter2hunter2'],
    [
      undefined,
      'address_19_f3ZkAbCdEfGhIjKl of 10 requests at 127.0.0.1, door auth.sign-in, version 1.192.0.2',
    ],
    [undefined, 'ids 0193a4f2-5b6c-7d8e-9f01-234567890abc and job_01hzy3v9'],
  ])('know %s', (what, text) => {
    expect(leakIn(text, ['hunter2hunter2', 'short'])).toBe(what)
  })

  it('random text in an event is a credential; words, ids and pseudonyms are not', () => {
    expect(leakInValue('q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX', [])).toBe(
      'random text as long as a token',
    )
    expect(leakInValue('a-very-long-reason-in-plain-words-with-dashes-in-it', [])).toBeUndefined()
    expect(leakInValue('0193a4f2-5b6c-7d8e-9f01-234567890abc', [])).toBeUndefined()
  })
})
