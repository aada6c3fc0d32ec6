import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openConsole } from './open-console.ts'

const readable = existsSync('/proc/self/status')
if (!readable) console.warn('Skipped: the memory of another process can only be read on Linux.')

it.skipIf(!readable)(
  'the whole process with its web app stays under 300 MB when it has nothing to do',
  async () => {
    await using app = await openConsole()
    const page = await app.administrator()
    await page.goto('/jobs')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.context().close()
    const status = readFileSync(`/proc/${app.levqor.process.pid}/status`, 'utf8')
    const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1])
    expect(kilobytes).toBeGreaterThan(10_000)
    expect(kilobytes / 1024).toBeLessThan(300)
  },
  60_000,
)
