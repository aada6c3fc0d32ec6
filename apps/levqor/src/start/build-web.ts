// Builds the web app when its sources have changed since the last build, and only then.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const webFolder = fileURLToPath(new URL('../../../levqor-web', import.meta.url))
const clientFolder = fileURLToPath(new URL('../../../../packages/client/src', import.meta.url))
const stampFile = join(webFolder, '.next', 'levqor-sources')
const require = createRequire(join(webFolder, 'package.json'))

/** Resolves to true when a build was made. @throws Error with the build's own words when it fails */
export async function buildWebIfNeeded(tell: (text: string) => void): Promise<boolean> {
  const digest = sourceDigest()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) return false
  tell('Building the web app (once, about 20 seconds) …')
  await nextBuild()
  writeFileSync(stampFile, digest)
  return true
}

function sourceDigest(): string {
  const hash = createHash('sha256').update(require('next/package.json').version)
  for (const folder of [webFolder, clientFolder]) {
    for (const path of sourcesIn(folder))
      hash.update(path).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

const generated = new Set(['.next', 'node_modules', 'next-env.d.ts'])

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !generated.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return sourcesIn(path)
      return entry.name.endsWith('.test.ts') ? [] : [path]
    })
}

function nextBuild(): Promise<void> {
  const next = require.resolve('next/dist/bin/next')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [next, 'build', webFolder], {
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let words = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        words += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The web app could not be built (status ${code}):\n${words}`))
    })
  })
}
