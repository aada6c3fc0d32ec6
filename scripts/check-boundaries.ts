// The floors of the house: an import never goes up, never in a circle, and never past another package's front door.
import { existsSync, readFileSync } from 'node:fs'
import { importsOf, repositoryFiles } from './source-files.ts'

/** Which packages each may import. `testing` is open to all tests; apps and bench stand on everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  guard: [],
  database: [],
  client: [],
  jobs: ['database'],
  mail: ['jobs', 'database'],
  workflows: ['jobs', 'mail', 'guard', 'database'],
  server: ['guard', 'database'],
  identity: ['server', 'mail', 'client', 'guard', 'database'],
  testing: ['*'],
  'levqor-web': ['client'],
  levqor: ['*'],
  bench: ['*'],
}

/** Where `@levqor/database/system`, the way across workspaces, may be imported, and why. */
const systemHandleRooms: readonly (readonly [RegExp, string])[] = [
  [/^packages\/jobs\/src\//, 'the job engine serves all workspaces'],
  [/^packages\/mail\/src\//, 'delivery runs as a job of the engine'],
  [/^packages\/workflows\/src\/(engine|callbacks?|store)\//, 'steps run inside the job engine'],
  [
    /^packages\/server\/src\/(verbs\/|security-events\/|http\/health\.ts|lockout\/|tokens\/|webhooks\/|abuse\/|processes\/)/,
    'operators’ verbs, readiness, and the guard’s durable stores, which know no workspace',
  ],
  [/^packages\/identity\/src\//, 'authentication happens before a workspace is known'],
  [
    /^apps\/levqor\/src\/(modules\/operations|modules\/security|command-line|start)\//,
    'operators’ verbs and maintenance commands',
  ],
  [/^bench\//, 'measures the engine'],
]

const problems: string[] = []
const files = repositoryFiles('packages/**/*.ts', 'apps/**/*.ts', 'apps/**/*.tsx', 'bench/**/*.ts')

for (const file of files.filter((path) => existsSync(path))) {
  const room = roomOf(file)
  const floor = allowed[room]
  if (!floor) {
    problems.push(`${file}: the room ${room} has no floor; add it to scripts/check-boundaries.ts`)
    continue
  }
  const isTest =
    /\.(test|evidence)\.tsx?$|-for-tests\.ts$|\/test-[\w-]+\.ts$|\/(test|test-packed|browser|chaos|conformance|examples)\//.test(
      file,
    )
  for (const specifier of importsOf(file)) {
    if (specifier.startsWith('.')) checkRelative(file, room, specifier)
    else if (specifier.startsWith('@levqor/')) checkPackage(file, room, floor, specifier, isTest)
  }
}

function roomOf(file: string): string {
  const [top, second] = file.split('/')
  return top === 'bench' ? 'bench' : (second ?? '')
}

function checkRelative(file: string, room: string, specifier: string): void {
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1)
  if (roomOf(target) !== room) problems.push(`${file}: reaches into another room by ${specifier}`)
}

function checkPackage(
  file: string,
  room: string,
  floor: readonly string[],
  specifier: string,
  isTest: boolean,
): void {
  const name = specifier.split('/')[1] ?? ''
  if (name === 'testing') {
    if (!isTest && room !== 'bench' && room !== 'testing')
      problems.push(`${file}: only tests import @levqor/testing`)
  } else if (name !== room && !floor.includes('*') && !floor.includes(name) && !isTest) {
    problems.push(`${file}: ${room} must not stand on ${name}`)
  }
  if (!exportsOf(name).includes(specifier))
    problems.push(`${file}: ${specifier} is no front door of its package`)
  if (
    specifier === '@levqor/database/system' &&
    !isTest &&
    !systemHandleRooms.some(([pattern]) => pattern.test(file))
  ) {
    problems.push(`${file}: must not use the system handle; bind to a workspace instead`)
  }
}

function exportsOf(name: string): readonly string[] {
  for (const folder of ['packages', 'apps']) {
    const path = `${folder}/${name}/package.json`
    if (!existsSync(path)) continue
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const fields =
      typeof manifest === 'object' && manifest !== null && 'exports' in manifest ? manifest.exports : {}
    return Object.keys(Object(fields)).map((door) => `@levqor/${name}${door.slice(1)}`)
  }
  return []
}

if (files.length === 0) problems.push('No source files were found; run this from the root of the repository.')
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
