// `npm run check`: every static check side by side, each with its time; the first line of trouble is never hidden.
import { run } from './run-command.ts'

const checks: readonly {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'types (web)', command: 'tsc', args: ['-p', 'apps/levqor-web'] },
  { name: 'lint and format', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'boundaries', command: 'node', args: ['scripts/check-boundaries.ts'] },
  { name: 'repository', command: 'node', args: ['scripts/check-repository.ts'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
]

const results = await Promise.all(
  checks.map(async (check) => ({ ...check, ...(await run(check.command, check.args)) })),
)
for (const { name, code, seconds, output } of results) {
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`)
  if (code !== 0) console.log(output)
}
const failed = results.filter(({ code }) => code !== 0)
if (failed.length > 0) {
  console.error(
    `${failed.length} of ${results.length} checks failed: ${failed.map(({ name }) => name).join(', ')}.`,
  )
  process.exitCode = 1
}
