// `npm run lock`: completes package-lock.json with optional packages for other systems.
//
// A registry mirror may carry the builds of some systems only. npm then leaves the others out of the lock file, and
// `npm ci` refuses it as incomplete. The missing entries follow from their parents: exact version, system by name.
import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

// Its shape is npm's lock file version 3.
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockEntry> }
const systems = [
  'darwin',
  'win32',
  'linux',
  'android',
  'freebsd',
  'openharmony',
  'aix',
  'sunos',
  'netbsd',
  'openbsd',
]
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32']
let added = 0

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (placesOf(path, name).some((place) => place in lock.packages)) continue
    lock.packages[`node_modules/${name}`] = entryFor(name, range.replace(/^[\^~]/, ''), entry.dev === true)
    added++
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
console.log(`${added} entries added.`)

/** Where Node would look for the package, nearest first. */
function placesOf(path: string, name: string): string[] {
  const places: string[] = []
  for (let at = path; at !== ''; ) {
    places.push(`${at}/node_modules/${name}`)
    const cut = at.lastIndexOf('/node_modules/')
    at = cut < 0 ? '' : at.slice(0, cut)
  }
  return [...places, `node_modules/${name}`]
}

function entryFor(name: string, version: string, dev: boolean): LockEntry {
  const words = name.split(/[-/]/)
  const os = systems.filter(
    (system) => words.includes(system) || (system === 'win32' && words.includes('windows')),
  )
  const cpu = processors.filter((processor) => words.includes(processor))
  return {
    version,
    ...(dev ? { dev } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(name.includes('musl') ? { libc: ['musl'] } : {}),
  }
}
