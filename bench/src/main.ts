// `npm run bench -- <name> [--json] [--rounds N]`: result on standard output, progress on standard error.
import { parseArgs } from 'node:util'
import { benchmarks } from './benchmarks.ts'
import { printReport } from './harness/print-report.ts'
import { runBenchmark } from './harness/run-benchmark.ts'

const usage = [
  'Usage: npm run bench -- <name> [--json] [--rounds N]   (rounds: 1 to 100, default 5)',
  '',
  ...benchmarks.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`),
].join('\n')

async function main(signal: AbortSignal): Promise<number> {
  const { name, json, rounds } = readArguments()
  if (name === undefined) {
    console.log(usage)
    return 0
  }
  const benchmark = benchmarks.find((candidate) => candidate.name === name)
  if (!benchmark) throw new Error(`There is no benchmark ${name}.\n\n${usage}`)
  const progress = (line: string) => console.error(line)
  const report = await runBenchmark(benchmark, { rounds, signal, progress })
  console.log(json ? JSON.stringify(report) : `\n${printReport(report)}`)
  return 0
}

function readArguments(): { name: string | undefined; json: boolean; rounds: number } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
  })
  const rounds = Number(values.rounds)
  if (positionals.length > 1 || !Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    throw new Error(usage)
  }
  return { name: positionals[0], json: values.json, rounds }
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort(new Error('Interrupted.')))
}

try {
  process.exitCode = await main(interruption.signal)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  // At once: a contestant that was interrupted may still be at work in this process.
  process.exit(1)
}
