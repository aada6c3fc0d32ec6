#!/usr/bin/env node
// Starts the command line on Node 24 or newer. Plain JavaScript, so that an older Node can read it and say so.
import { existsSync } from 'node:fs'

const oldestMajor = 24

if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  console.error(`guard needs Node ${oldestMajor} or newer, and this is ${process.version}.`)
  process.exit(2)
}
// The published package is built; inside the repository Node reads the source itself.
const built = new URL('../dist/command-line/main.js', import.meta.url)
await import((existsSync(built) ? built : new URL('../src/command-line/main.ts', import.meta.url)).href)
