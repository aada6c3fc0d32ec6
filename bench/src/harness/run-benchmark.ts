// Runs the contestants of a benchmark in turn, in one process run, so that whatever disturbs the machine meets all.
//
// The order is flipped every round: whoever runs second finds warm caches and a busier disk, and must not always be
// the same one. Ratios are taken inside a round and only then reduced to a median, because absolutes drift.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Benchmark, Contestant, Figures, Plan } from './benchmark.ts'
import { describeMachine, type Machine } from './describe-machine.ts'
import { type Summary, summarise } from './statistics.ts'

export interface RunOptions {
  readonly rounds: number
  /** One round before the counted ones. Default true. */
  readonly warmUp?: boolean
  /** Ends the run early; servers are stopped and the folder is removed all the same. */
  readonly signal?: AbortSignal
  /** Told what is going on. */
  readonly progress: (line: string) => void
}

/** The JSON that `--json` prints. */
export interface Report {
  readonly name: string
  readonly machine: Machine
  readonly node: string
  readonly rounds: number
  /** Median per `<contestant>.<figure>`. */
  readonly figures: Readonly<Record<string, number>>
  /** Median of the ratios of each round. */
  readonly ratios: Readonly<Record<string, number>>
  /** Lowest and highest ratio of any round: how far to trust the median. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>
  readonly notes: readonly string[]
}

type Round = ReadonlyMap<string, number>

/** @throws Error when a contestant fails or a ratio names a figure that nobody measured */
export async function runBenchmark(benchmark: Benchmark, options: RunOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), `levqor-bench-${benchmark.name}-`))
  try {
    options.progress(`${benchmark.name}: preparing`)
    const plan = await benchmark.prepare(folder)
    try {
      return await orInterrupted(runPlan(benchmark.name, plan, options), options.signal)
    } finally {
      await plan.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is being measured meanwhile fails by itself once its servers are gone. */
async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  signal.throwIfAborted()
  return Promise.race([work, interrupted])
}

async function runPlan(
  name: string,
  plan: Plan,
  { rounds, warmUp = true, progress }: RunOptions,
): Promise<Report> {
  if (warmUp) await playRound(plan.contestants, (contestant) => progress(`warm-up: ${contestant}`))
  const played: Round[] = []
  for (let number = 1; number <= rounds; number++) {
    const order = number % 2 === 1 ? plan.contestants : plan.contestants.toReversed()
    played.push(
      await playRound(order, (contestant, figures) =>
        progress(`round ${number}/${rounds}: ${contestant} ${brief(figures)}`),
      ),
    )
  }
  const ratios = plan.ratios.map(({ name: ratio, of, to }) => ({
    name: ratio,
    ...summarise(played.map((round) => figure(round, of) / (to === undefined ? 1 : figure(round, to)))),
  }))
  const names = plan.contestants.flatMap((contestant) =>
    [...(played[0]?.keys() ?? [])].filter((key) => key.startsWith(`${contestant.name}.`)),
  )
  return {
    name,
    machine: describeMachine(),
    node: process.version,
    rounds,
    figures: Object.fromEntries(
      names.map((key) => [key, rounded(summarise(played.map((round) => figure(round, key))).median)]),
    ),
    ratios: Object.fromEntries(ratios.map((ratio) => [ratio.name, rounded(ratio.median)])),
    ranges: Object.fromEntries(ratios.map((ratio) => [ratio.name, range(ratio)])),
    notes: plan.notes,
  }
}

async function playRound(
  order: readonly Contestant[],
  done: (contestant: string, figures: Figures) => void,
): Promise<Round> {
  const round = new Map<string, number>()
  for (const contestant of order) {
    const figures = await contestant.measure()
    for (const [key, value] of Object.entries(figures)) round.set(`${contestant.name}.${key}`, value)
    done(contestant.name, figures)
  }
  return round
}

function figure(round: Round, key: string): number {
  const value = round.get(key)
  if (value === undefined) throw new Error(`No contestant measured ${key}.`)
  return value
}

function range({ lowest, highest }: Summary): readonly [number, number] {
  return [rounded(lowest), rounded(highest)]
}

/** Three significant digits: more would pretend. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

function brief(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name}=${rounded(value)}`)
    .join(' ')
}
