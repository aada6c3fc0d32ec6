// The command line as people start it: a real process, its exit status, its streams.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const launcher = fileURLToPath(new URL('../../bin/guard.js', import.meta.url))
const folder = fileURLToPath(new URL('.', import.meta.url))

function launch(...args: readonly string[]): Promise<{ status: number; out: string; error: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [launcher, ...args],
      { cwd: folder, timeout: 15_000 },
      (failure, out, error) => {
        resolve({ status: typeof failure?.code === 'number' ? failure.code : 0, out, error })
      },
    )
  })
}

describe('bin/guard.js', () => {
  it('runs, ends with the status of the command, and keeps errors apart from results', async () => {
    const [help, wrong, explained, found, late] = await Promise.all([
      launch('--help'),
      launch('headers', '--fromat'),
      launch('explain', 'GET', '/health', '--app', 'test-app.ts', '--json'),
      launch('doctor', '--app', 'test-app.ts', '--json'),
      launch('explain', 'GET', '/', '--app', 'test-late-listener-process.ts'),
    ])
    expect(help).toMatchObject({ status: 0, error: '' })
    expect(wrong).toMatchObject({ status: 2, out: '' })
    expect(wrong.error).toContain('Did you mean --format?')
    expect(explained).toMatchObject({ status: 0, error: '' })
    expect(JSON.parse(explained.out)).toMatchObject({ door: 'health' })
    expect(found.status).toBe(1)
    expect(JSON.parse(found.out)).toMatchObject({ ok: false })
    expect(late).toEqual({
      status: 2,
      out: '',
      error:
        'The application starts to listen when it is imported. Put listen() under if (import.meta.main), or give the file that exports the policy.\n',
    })
  })
})
