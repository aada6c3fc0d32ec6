// Signing in with a password: how near to the bare hashes, how long the event loop stands still, and what a flood costs.
import { fileURLToPath } from 'node:url'
import { identityPolicy } from '@levqor/identity'
import { until } from '@levqor/testing'
import type { Benchmark, Figures } from '../harness/benchmark.ts'
import { type StartedLevqor, startLevqor } from '../harness/start-levqor.ts'
import { inPool, onThreads } from './argon2-floor.ts'
import { insertPeople } from './people-with-passwords.ts'
import { signIn } from './sign-in-load.ts'

export interface SignInSizes {
  /** Before anything is measured: the first hundreds run code that Node has not compiled yet, at twice the cost. */
  readonly warmUp: number
  /** Of one measurement. */
  readonly signIns: number
  /** Parallel sign-ins of the flood; the line holds `passwordsAtOnce + passwordsWaiting`. */
  readonly flood: number
}

const people = 100
const atOnce = 50
const usual: SignInSizes = { warmUp: 2_000, signIns: 400, flood: 600 }

/** @param sizes smaller ones for tests */
export function identitySignIn(sizes: SignInSizes = usual): Benchmark {
  return {
    name: 'identity-signin',
    about: 'password sign-ins over HTTP against the bare argon2id hashes',
    async prepare(folder) {
      const watch = fileURLToPath(new URL('./watch-process.ts', import.meta.url))
      const levqor = await startLevqor(folder, ['--import', watch])
      const load = { origin: levqor.origin, people: insertPeople(levqor.database, people) }
      await signIn({ ...load, signIns: sizes.warmUp, atOnce })
      const { memory, passes, parallelism } = identityPolicy.passwordCost
      const threads = onThreads()
      return {
        contestants: [
          {
            name: 'levqor',
            async measure() {
              await watched(levqor)
              const { perSecond, turnedAway } = await signIn({ ...load, signIns: sizes.signIns, atOnce })
              if (turnedAway > 0)
                throw new Error(`${turnedAway} of ${atOnce} parallel sign-ins were turned away.`)
              const { loop_p99_ms = 0, loop_max_ms = 0 } = await watched(levqor)
              return { sign_ins_per_second: perSecond, loop_p99_ms, loop_max_ms }
            },
          },
          {
            name: 'flood',
            async measure() {
              const { rss_mb = 0 } = await watched(levqor)
              const { signedIn, turnedAway } = await signIn({
                ...load,
                signIns: sizes.flood,
                atOnce: sizes.flood,
              })
              const { most_rss_mb = 0, loop_p99_ms = 0 } = await watched(levqor)
              return {
                signed_in: signedIn,
                turned_away: turnedAway,
                rss_growth_mb: most_rss_mb - rss_mb,
                loop_p99_ms,
              }
            },
          },
          {
            name: 'argon2_floor',
            measure: async () => ({ sign_ins_per_second: await inPool(sizes.signIns) }),
          },
          {
            name: 'argon2_threads',
            measure: async () => ({ sign_ins_per_second: await threads(sizes.signIns) }),
          },
        ],
        ratios: [
          {
            name: 'vs_argon2_floor',
            of: 'levqor.sign_ins_per_second',
            to: 'argon2_floor.sign_ins_per_second',
          },
          {
            name: 'vs_argon2_threads',
            of: 'levqor.sign_ins_per_second',
            to: 'argon2_threads.sign_ins_per_second',
          },
          { name: 'loop_p99_ms', of: 'levqor.loop_p99_ms' },
          { name: 'flood_rss_growth_mb', of: 'flood.rss_growth_mb' },
        ],
        notes: [
          `argon2id, ${memory} KiB, ${passes} passes, ${parallelism} lane; ${identityPolicy.passwordsAtOnce} at once, ${identityPolicy.passwordsWaiting} waiting.`,
          `levqor: ${sizes.signIns} sign-ins of ${people} people, ${atOnce} at once, the whole server with lockout, limits, audit row and session in SQLite (FULL). argon2_floor: as many hashes, as many at once, in the process that sends the load, by node:crypto’s own pool; argon2_threads: on threads like the server’s.`,
          `flood: ${sizes.flood} at once; whoever finds the line full is answered 503 with Retry-After. Without the line each would take its ${Math.round(memory / 1024)} MiB.`,
        ],
        async close() {
          await levqor.process.kill()
        },
      }
    },
  }
}

/** What the server's process has been through since the last question. */
async function watched(levqor: StartedLevqor): Promise<Figures> {
  const before = count(levqor)
  process.kill(levqor.process.pid, 'SIGUSR2')
  await until(async () => count(levqor) > before, { what: 'the server’s own figures' })
  const line =
    levqor.process
      .output()
      .match(/^watched (\{.*\})$/gm)
      ?.at(-1) ?? ''
  // Written by watch-process.ts.
  return JSON.parse(line.replace('watched ', '')) as Figures
}

function count({ process: { output } }: StartedLevqor): number {
  return output().match(/^watched \{.*\}$/gm)?.length ?? 0
}
