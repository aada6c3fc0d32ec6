// One store under chaos: an API process and a worker process that are killed again and again while jobs come in.
import { createClient } from '@levqor/client'
import { freePort, httpFixture, seededRandom, sqliteForTests, startPostgres, until } from '@levqor/testing'
import { type ChaosInstallation, openInstallation } from './chaos-installation.ts'
import { countOutcomes } from './count-outcomes.ts'
import { type Accepted, createSubmitter } from './submit-jobs.ts'

export interface ChaosOptions {
  readonly store: 'sqlite' | 'postgres'
  readonly cycles: number
  /** The same seed gives the same kills, pauses and jobs (their interleaving is the machine's). */
  readonly seed: number
  tell(text: string): void
}

export interface ChaosReport {
  /** Accepted jobs that are gone, and finished ones whose completion message never arrived. */
  readonly lost: number
  /** Jobs with more than one final settlement, or more than one completion message. */
  readonly settled_twice: number
  /** Jobs that had not finished a minute after the last kill. */
  readonly stuck: number
  readonly accepted: number
  readonly succeeded: number
  /** Jobs that took three workers down in a row and were kept as dead letters. */
  readonly dead_lettered: number
  readonly kills: number
  /** Attempts that ended with their worker's process. */
  readonly crashed_attempts: number
  readonly seconds: number
}

// Short, so that a dead worker's jobs move on within a cycle.
const leaseMs = 1_500

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const started = performance.now()
  const random = seededRandom(options.seed)
  await using site = await disposable(
    httpFixture(async ({ url }) => {
      // A little work per page, so that kills meet steps in flight.
      await new Promise((resolve) => setTimeout(resolve, url.startsWith('/slow') ? 60 : 5))
      return '<title>page</title>'
    }),
  )
  await using database = await openStore(options.store)
  await using installation = await openInstallation({
    databaseUrl: database.url,
    port: await freePort(),
    leaseMs,
  })
  const client = createClient({ baseUrl: installation.url, apiKey: installation.apiKey })
  const submitter = await createSubmitter({ client, siteUrl: site.value.url, random, seed: options.seed })

  const accepted: Accepted[] = []
  let kills = 0
  for (let cycle = 1; cycle <= options.cycles; cycle++) {
    const work = submitter.submit(1 + Math.floor(random() * 6))
    kills += await killSomething(installation, random)
    accepted.push(...(await work))
    if (cycle % 10 === 0)
      options.tell(
        `${options.store}: ${cycle}/${options.cycles} cycles, ${accepted.length} jobs, ${kills} kills`,
      )
  }
  await installation.ensureRunning()
  const system = await installation.openStore()
  try {
    const settled = () => countOutcomes(system, accepted, site.value.hits)
    await until(async () => (await settled()).stuck === 0, {
      what: 'all jobs to finish',
      timeoutMs: 60_000,
    }).catch(() => {
      options.tell(`${options.store}: some jobs have not finished`)
    })
    // Completion messages follow their jobs.
    await until(async () => (await settled()).unreported === 0, {
      what: 'all callbacks',
      timeoutMs: 30_000,
    }).catch(() => {
      options.tell(`${options.store}: some completion messages have not arrived`)
    })
    const { unreported, ...outcome } = await settled()
    return {
      ...outcome,
      lost: outcome.lost + unreported,
      accepted: accepted.length,
      kills,
      seconds: Math.round((performance.now() - started) / 1_000),
    }
  } finally {
    await system.close()
  }
}

// Seven kills in ten meet the worker, two the API, one both at once. Each comes at a random moment after the start.
async function killSomething(installation: ChaosInstallation, random: () => number): Promise<number> {
  const choice = random()
  const victims =
    choice < 0.7 ? (['worker'] as const) : choice < 0.9 ? (['api'] as const) : (['worker', 'api'] as const)
  const pause = 30 + random() * 700
  await new Promise((resolve) => setTimeout(resolve, pause))
  await Promise.all(victims.map((victim) => installation.killAndRestart(victim)))
  return victims.length
}

async function openStore(store: 'sqlite' | 'postgres'): Promise<{ url: string } & AsyncDisposable> {
  if (store === 'sqlite') {
    const { url, drop } = await sqliteForTests()
    return { url, [Symbol.asyncDispose]: drop }
  }
  const server = await startPostgres()
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() }
}

async function disposable<T extends { close(): Promise<void> }>(opening: Promise<T>) {
  const value = await opening
  return { value, [Symbol.asyncDispose]: () => value.close() }
}
