// `npm test`: static checks, then every test; ends with one plain line of counts.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'levqor-test-'))
const report = join(folder, 'report.json')

function passThrough(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

interface Counts {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
}

function counts(): Counts {
  try {
    // Written by Vitest's JSON reporter, whose totals these are.
    return JSON.parse(readFileSync(report, 'utf8')) as Counts
  } catch (error) {
    console.error(`The test run left no report: ${String(error)}`)
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 }
  }
}

try {
  const checked = await passThrough('node', ['scripts/check.ts'])
  // The browser tests meet the built front end, as a visitor does.
  const built = await passThrough('node', ['scripts/build-web.ts'])
  const tested = await passThrough('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ])
  const { numPassedTests, numFailedTests, numPendingTests } = counts()
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
  process.exitCode = checked === 0 && built === 0 && tested === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
