import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('the example of the README runs as it stands', async () => {
  const folder = new URL('..', import.meta.url)
  const [, example = ''] =
    /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', folder), 'utf8')) ?? []
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', example], {
    cwd: fileURLToPath(folder),
  })
  expect(stdout).toContain('Hello Ada')
  expect(stdout).toContain("reason: 'retry'")
})
