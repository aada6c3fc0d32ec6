#!/usr/bin/env node
// Starts Levqor on the Node that the project pins, whatever Node this machine has. Plain JavaScript, so that an
// older Node can read it. Under npm and npx the pinned Node comes first in the path and already runs this file.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = new URL('../src/main.ts', import.meta.url)
const oldestMajor = 24

if (Number(process.versions.node.split('.')[0]) >= oldestMajor) {
  const emitWarning = process.emitWarning
  // node:sqlite says at every start that it is experimental; whoever runs Levqor cannot do anything about it.
  process.emitWarning = (warning, ...rest) => {
    if (rest[0] !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest)
  }
  await import(main)
} else {
  startOn(pinnedNode())
}

function pinnedNode() {
  const require = createRequire(import.meta.url)
  try {
    const folder = dirname(require.resolve('node/package.json'))
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(path)) return path
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
  }
  console.error(
    `Levqor needs Node ${oldestMajor} or newer, and this is ${process.version}. Run npm ci in the project, which brings it.`,
  )
  return process.exit(1)
}

function startOn(node) {
  // The channel tells the server when this process is gone, however it ended.
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(main), ...process.argv.slice(2)],
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  )
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGTERM'))
  // A terminal sends Ctrl-C to both of us; a second one would mean "at once".
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  child.on('error', (error) => {
    console.error(`Node could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}
