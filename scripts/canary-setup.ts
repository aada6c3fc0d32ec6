// Canaries through every test of the guard: whatever is written to the standard streams, by the test's process or one it
// started, and whatever is reported as a security event is looked at; a leak fails the test in which it happened.
// Events of other packages are looked at as well; their output is their operators' own.
import childProcess, { type ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { format } from 'node:util'
import { afterAll, afterEach, expect } from 'vitest'
import { leakIn, leakInValue } from './canary-patterns.ts'

/** Fields of events that hold such text by intention. */
const intended: Readonly<Record<string, readonly string[]>> = {
  // The target of an outgoing request, not the address of a person.
  'egress.blocked': ['host'],
}

const secrets = new Set<string>()
const leaks: string[] = []

Object.defineProperty(globalThis, 'canarySecret', { set: (text: unknown) => void secrets.add(String(text)) })
Object.defineProperty(globalThis, 'canaryEvent', { set: lookAtEvent })

const inGuard = expect.getState().testPath?.includes('/packages/guard/') === true
if (inGuard || expect.getState().testPath?.includes('/canary-fixture/') === true) {
  watchStream(process.stdout, 'standard output')
  watchStream(process.stderr, 'standard error')
  watchConsole()
  watchChildren()
}

afterEach(tell)
afterAll(tell)

function tell(): void {
  const found = leaks.splice(0)
  if (found.length > 0) throw new Error(`A canary sings: ${[...new Set(found)].join('; ')}`)
}

/** What stands in `address` is replaced by a pseudonym before any sink sees it; it is the only place for one. */
function lookAtEvent(event: unknown): void {
  if (typeof event !== 'object' || event === null || !('event' in event)) return
  const name = String(event.event)
  const { address: _, details, ...rest } = event as Readonly<Record<string, unknown>> // an object, as just found
  const fields = { ...rest, ...(typeof details === 'object' ? details : {}) }
  for (const [field, value] of Object.entries(fields)) {
    if (intended[name]?.includes(field) === true) continue
    const leak = leakInValue(String(value), secrets)
    if (leak !== undefined) leaks.push(`${name} reports ${leak} as ${field}`)
  }
}

function lookAtText(text: string, where: string): void {
  const leak = leakIn(text, secrets)
  if (leak !== undefined) leaks.push(`${leak} on ${where}`)
}

function watchStream(stream: NodeJS.WriteStream, where: string): void {
  const { write } = stream
  stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
    lookAtText(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(), where)
    return write.call(stream, chunk, ...rest)
  }
}

/** Vitest hands the console to its reporter, past the streams. */
function watchConsole(): void {
  for (const method of ['debug', 'error', 'info', 'log', 'warn'] as const) {
    const original = console[method]
    console[method] = (...values: unknown[]) => {
      lookAtText(format(...values), 'the console')
      original(...values)
    }
  }
}

/** `push` sees what arrives without making the stream flow before the test reads it. */
function watchChildren(): void {
  const { spawn } = childProcess
  childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
    const child: ChildProcess = spawn(...args)
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      const { push } = stream
      stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
        if (chunk !== null) lookAtText(String(chunk), `the output of ${String(args[0])}`)
        return push.call(stream, chunk, encoding)
      }
    }
    return child
    // The overloads of spawn differ only in which streams they promise.
  }) as typeof spawn
  syncBuiltinESMExports()
}
