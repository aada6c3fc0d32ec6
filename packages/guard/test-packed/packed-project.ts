// Projects of strangers: temporary folders that hold the packed tarball and the README's examples, nothing else of ours.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const examples = fileURLToPath(new URL('../examples/', import.meta.url))
const runFile = promisify(execFile)

/** A folder of one test file; removed by `close`. */
export interface Workshop {
  readonly folder: string
  /** The tarball's path. */
  readonly tarball: string
  close(): void
}

/** Packs the package as `scripts/pack-guard.ts` does. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-packed-'))
  const { stdout } = await run(root, process.execPath, [join(root, 'scripts/pack-guard.ts'), folder])
  return { folder, tarball: stdout.trim(), close: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Runs a program with this repository's tools at hand. @throws Error with everything it said when it fails */
export async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await runFile(command, args, { cwd, env: environment(env), maxBuffer: 32 * 1024 * 1024 })
  } catch (error) {
    // What execFile rejects with: an Error that also carries what was written.
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`${message}\n${stdout ?? ''}\n${stderr ?? ''}`)
  }
}

/** Neither the settings of a test run nor those of its package manager reach a stranger's project. */
export function environment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_package_|npm_lifecycle_|npm_config_(workspace|local_prefix)|VITEST|NODE_ENV|GUARD_|RATELIMIT_)/.test(
        name,
      ),
  )
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    NEXT_TELEMETRY_DISABLED: '1',
    ...added,
  }
}

/** A project with the given examples (paths below `examples/`, and where they go) and a manifest. */
export function createProject(
  workshop: Workshop,
  name: string,
  files: readonly (readonly [from: string, to: string])[],
): string {
  const folder = join(workshop.folder, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  for (const [from, to] of files) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    cpSync(join(examples, from), join(folder, to), { recursive: true })
  }
  return folder
}

/** Unpacks the tarball and borrows every other package from this repository: no network. */
export async function installByLinks(workshop: Workshop, folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  const own = join(modules, '@levqor/guard')
  mkdirSync(own, { recursive: true })
  await run(own, 'tar', ['-xzf', workshop.tarball, '--strip-components=1'])
  const borrowed = readdirSync(join(root, 'node_modules')).filter(
    (name) => name !== '@levqor' && !name.startsWith('.'),
  )
  for (const name of borrowed) symlinkSync(join(root, 'node_modules', name), join(modules, name))
}

/** Installs the tarball and the named packages from the registry. */
export async function installFromRegistry(
  workshop: Workshop,
  folder: string,
  packages: readonly string[],
): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error']
  await run(folder, 'npm', ['install', ...quiet, workshop.tarball, ...packages])
}

/** Type-checks the project strictly. `bundler` as Next does it, else as Node does. */
export async function typeCheck(folder: string, style: 'node' | 'bundler'): Promise<void> {
  const compilerOptions = {
    target: 'esnext',
    module: style === 'node' ? 'nodenext' : 'esnext',
    moduleResolution: style === 'node' ? 'nodenext' : 'bundler',
    jsx: 'react-jsx',
    lib: ['esnext', 'dom', 'dom.iterable'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    types: ['node'],
    // Next's own declarations do not check, and its own projects skip them; ours must.
    skipLibCheck: style === 'bundler',
  }
  const include = ['*.ts', 'app']
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }))
  await run(folder, 'tsc', ['-p', '.'])
}
