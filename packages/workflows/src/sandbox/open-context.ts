// Opens the V8 context in which templates and expressions run (see context-program.ts).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createContext, runInContext, Script } from 'node:vm'
import { type ContextProgram, contextProgram } from './context-program.ts'
import type { SandboxLimits } from './operations.ts'

export function openContext(limits: SandboxLimits): ContextProgram {
  const require = createRequire(import.meta.url)
  const liquid = join(dirname(require.resolve('liquidjs')), 'liquid.browser.umd.js')
  const sources = [require.resolve('jsonata'), liquid]
  // Without a prototype the context's global object leads back to nothing of this realm.
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } })
  for (const path of sources) new Script(readFileSync(path, 'utf8'), { filename: path }).runInContext(context)
  // Evaluating the program's source yields the program; it only ever receives and returns strings.
  return runInContext(`(${contextProgram.toString()})(${JSON.stringify(limits)})`, context) as ContextProgram
}
