// `npm run chaos -- --cycles N --seed S [--store sqlite|postgres] --json`: kills API and worker processes with SIGKILL
// in the middle of their work and counts what that has cost. Exit status 1 when anything was lost, settled twice or stuck.
import { parseArgs } from 'node:util'
import { type ChaosReport, runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const cycles = wholeNumber('cycles', values.cycles, 1, 100_000)
const seed = wholeNumber('seed', values.seed, 0, 2 ** 31)
const stores = (['sqlite', 'postgres'] as const).filter(
  (store) => values.store === undefined || values.store === store,
)
if (stores.length === 0) throw new Error('--store is sqlite or postgres; leave it out for both.')

const reports: Record<string, ChaosReport> = {}
for (const store of stores) {
  reports[store] = await runChaos({ store, cycles, seed, tell: (text) => process.stderr.write(`${text}\n`) })
}
if (values.json) console.log(JSON.stringify({ seed, cycles, stores: reports }, null, 2))
else console.table(reports)
const harm = Object.values(reports).some(({ lost, settled_twice, stuck }) => lost + settled_twice + stuck > 0)
process.exitCode = harm ? 1 : 0

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`--${name} is a whole number from ${min} to ${max}, not ${text}.`)
  }
  return value
}
