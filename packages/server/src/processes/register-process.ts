// Every process says that it is there, so that one which would count limits for itself alone notices the others.
import { hostname } from 'node:os'
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Role } from '../config/variables.ts'
import type { Logger } from '../log/create-logger.ts'

/** Another process of the same installation. */
export interface OtherProcess {
  readonly id: string
  readonly roles: readonly string[]
  /** Where it counts limits. */
  readonly limits: 'memory' | 'redis'
}

export interface RegisteredProcess {
  /** Processes that showed themselves lately, this one left out. */
  others(): Promise<readonly OtherProcess[]>
  /** Says goodbye. */
  stop(): Promise<void>
}

export interface ProcessFacts {
  readonly database: Database
  readonly roles: ReadonlySet<Role>
  readonly limits: 'memory' | 'redis'
  readonly log: Logger
  /** Default: this process's own. */
  readonly pid?: number
}

/** Time between two signs of life, milliseconds. */
const everyMs = 5_000
/** After this silence a process counts as gone, milliseconds. */
export const processSilenceMs = 20_000

/** Registers this process and keeps saying so until stopped. */
export async function registerProcess(facts: ProcessFacts): Promise<RegisteredProcess> {
  const { database, roles, limits, log, pid = process.pid } = facts
  const { clock, ids } = database
  const system = asSystem(database)
  const id = ids.next()
  const now = clock.now()
  const host = hostname()
  await system.transaction(async (tx) => {
    await tx.run('DELETE FROM server_processes WHERE seen_at < $1', [now - processSilenceMs])
    const here = await tx.query<{ id: string; pid: number }>(
      'SELECT id, pid FROM server_processes WHERE host = $1',
      [host],
    )
    // What crashed on this machine need not be waited for; one that had our number is gone, for we have it.
    for (const row of here.filter((known) => known.pid === pid || !isAlive(known.pid))) {
      await tx.run('DELETE FROM server_processes WHERE id = $1', [row.id])
    }
    await tx.run(
      `INSERT INTO server_processes (id, host, pid, roles, limits, started_at, seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)`,
      [id, host, pid, [...roles].join(','), limits, now],
    )
  })
  let beat: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    beat = beat.then(showLife)
  }, everyMs)
  timer.unref()

  async function showLife(): Promise<void> {
    try {
      await system.transaction((tx) =>
        tx.run('UPDATE server_processes SET seen_at = $1 WHERE id = $2', [clock.now(), id]),
      )
    } catch (error) {
      // The next beat tries again; the readiness check tells of a database that is away.
      log.debug({ err: error }, 'This process could not show that it is alive.')
    }
  }

  return {
    async others() {
      const rows = await system.read.query<{ id: string; roles: string; limits: 'memory' | 'redis' }>(
        'SELECT id, roles, limits FROM server_processes WHERE id <> $1 AND seen_at >= $2 ORDER BY id',
        [id, clock.now() - processSilenceMs],
      )
      return rows.map((row) => ({ id: row.id, roles: row.roles.split(','), limits: row.limits }))
    },
    async stop() {
      clearInterval(timer)
      await beat
      await system.transaction((tx) => tx.run('DELETE FROM server_processes WHERE id = $1', [id]))
    },
  }
}

/** Whether a process of this machine is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
