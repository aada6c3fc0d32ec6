// `npm run pack-guard [-- <folder>]`: @levqor/guard as strangers install it. Inside the repository its exports point
// at TypeScript; the package has JavaScript with types. Prints the tarball's path; without a folder it is `dist`.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run-command.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'packages/guard')

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, string>>
  readonly devDependencies?: unknown
  readonly scripts?: unknown
}

/** Packs into `folder`. @throws Error with the compiler's or npm's words */
async function packGuard(folder: string): Promise<string> {
  const stage = join(folder, 'stage')
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  await compile(stage)
  // The package's own manifest, which the fields above describe.
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest
  writeFileSync(join(stage, 'package.json'), JSON.stringify(published(manifest), null, 2))
  cpSync(join(source, 'bin/guard.js'), join(stage, 'bin/guard.js'))
  cpSync(join(source, 'README.md'), join(stage, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  // Where the help of each finding leads.
  cpSync(join(root, 'docs/guard-doctor.md'), join(stage, 'docs/guard-doctor.md'))
  await succeed('npm', [
    'pack',
    stage,
    '--pack-destination',
    folder,
    '--ignore-scripts',
    '--loglevel',
    'error',
  ])
  rmSync(stage, { recursive: true })
  return join(folder, `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`)
}

async function compile(stage: string): Promise<void> {
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      // Types are checked by `npm run check`, here and in whatever uses the package.
      noCheck: true,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, 'src'),
      outDir: join(stage, 'dist'),
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [join(source, 'src')],
    exclude: ['*.test', '*.evidence', '*-for-tests', 'test-*'].map((name) =>
      join(source, `src/**/${name}.ts`),
    ),
  }
  const path = join(stage, 'tsconfig.json')
  writeFileSync(path, JSON.stringify(settings))
  await succeed('tsc', ['-p', path])
  rmSync(path)
  // The compiler rewrites what programs import, not what types import.
  const types = readdirSync(join(stage, 'dist'), { recursive: true, encoding: 'utf8' })
  for (const file of types.filter((name) => name.endsWith('.d.ts'))) {
    const text = readFileSync(join(stage, 'dist', file), 'utf8')
    writeFileSync(join(stage, 'dist', file), text.replace(/(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g, '$1$2.js$1'))
  }
}

/** The manifest with everything that points at source pointing at what was built. */
function published({ devDependencies: _, scripts: __, exports, ...kept }: Manifest): object {
  const built = (path: string) => path.replace('./src/', './dist/').replace(/\.ts$/, '.js')
  const doors = Object.entries(exports).map(([door, path]) => {
    const program = built(path)
    return [door, { types: program.replace(/\.js$/, '.d.ts'), default: program }]
  })
  return {
    ...kept,
    engines: { node: '>=24' },
    sideEffects: false,
    files: ['dist', 'bin', 'docs'],
    exports: { ...Object.fromEntries(doors), './package.json': './package.json' },
  }
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args)
  if (code !== 0) throw new Error(`${command} failed:\n${output}`)
}

const [folder = join(root, 'dist')] = process.argv.slice(2)
// npm runs scripts in the root, whatever folder it was called in.
console.log(await packGuard(resolve(process.env.INIT_CWD ?? '.', folder)))
