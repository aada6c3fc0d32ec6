#!/usr/bin/env node
// Starts Levqor on the Node that the project pins, whatever Node this machine has. Plain JavaScript, so that an
// older Node can read it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function pinnedNode() {
  try {
    const folder = dirname(require.resolve('node/package.json'))
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(path)) return path
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
  }
  // Installed without development dependencies: this Node must then do.
  const [major] = process.versions.node.split('.').map(Number)
  if (major >= 24) return process.execPath
  console.error(
    `Levqor needs Node 24 or newer, and this is ${process.version}. Run npm ci in the project, which brings it.`,
  )
  return process.exit(1)
}

const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(`Node could not be started: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  } else process.exit(code ?? 1)
})
