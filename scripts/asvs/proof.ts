// Finds the tests that the table names.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { testNamesIn } from './test-names.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A test that a row names. */
export interface Proof {
  /** From the root of the repository. */
  readonly file: string
  readonly name: string
  readonly exists: boolean
}

/** Reads `file.ts: name of the test`. */
export function proofOf(reference: string): Proof {
  const end = reference.indexOf('.ts: ') + '.ts'.length
  const short = reference.slice(0, end)
  const file = /^(packages|apps|scripts)\//.test(short) ? short : `packages/guard/src/${short}`
  const name = reference.slice(end + ': '.length)
  return { file, name, exists: namesOf(file).has(name) }
}

const known = new Map<string, ReadonlySet<string>>()

function namesOf(file: string): ReadonlySet<string> {
  const found = known.get(file)
  if (found !== undefined) return found
  const names = new Set(existsSync(`${root}${file}`) ? testNamesIn(`${root}${file}`) : [])
  known.set(file, names)
  return names
}
