import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { levqorPolicies, limitsTable } from '../scripts/limits-table.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** What is no limit of an installation, and why. Everything else must be told, down to the last number. */
const untold: Readonly<Record<string, string>> = {
  'policy.productName': 'a word',
  'policy.registration': 'who may have an account is no number',
  'policy.mail': 'where mails go is no number',
  'policy.formerPasswordCosts': 'costs of before, none in Levqor’s policy',
  'policy.mailImpersonated': 'yes or no',
  'policy.sessionStyle': 'cookies or tokens; both have their row',
  'limits.checkout': 'no door of Levqor begins a payment',
}

const fields = Object.entries(levqorPolicies).flatMap(([part, values]) =>
  Object.keys(values).map((name) => `${part}.${name}`),
)

/** Paths of all numbers below a field. */
function numbersIn(value: unknown, path: string): string[] {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, `${path}.${name}`))
}

function at(from: object, path: readonly string[]) {
  return path.reduce((value, name) => Reflect.get(value, name), from)
}

/** The policies with one number twice as high. */
function doubled(path: string): typeof levqorPolicies {
  const copy = structuredClone(levqorPolicies)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = at(copy, names)
  Reflect.set(parent, last, 2 * Reflect.get(parent, last))
  return copy
}

describe('SECURITY.md', () => {
  it('tells the limits and lifetimes of the policies (node apps/levqor/scripts/write-limits-table.ts)', () => {
    expect(read('SECURITY.md')).toContain(`## Limits and lifetimes\n\n${limitsTable()}\n\n`)
    expect(limitsTable()).toContain('5 in 10 minutes lock for 15 minutes, then for 30 minutes')
  })

  it.each(fields.filter((field) => !(field in untold)))(
    'tells %s: another number is another table',
    (field) => {
      const numbers = numbersIn(at(levqorPolicies, field.split('.')), field)
      expect(numbers).not.toEqual([])
      const told = limitsTable()
      expect(numbers.filter((path) => limitsTable(doubled(path)) === told)).toEqual([])
    },
  )

  it('leaves out nothing that is no more', () => {
    expect(Object.keys(untold).filter((field) => !fields.includes(field))).toEqual([])
  })

  it('tells the caps on event streams, which stand in no policy', () => {
    const source = read('packages/server/src/http/event-stream.ts')
    const cap = (name: string) =>
      Number(new RegExp(`const ${name} = ([\\d_]+)`).exec(source)?.[1]?.replace('_', ''))
    expect(read('SECURITY.md').replace(/\s+/g, ' ')).toContain(
      `one person or key holds ${cap('maxStreamsPerOwner')} open event streams at most, all together ${cap('maxStreams')}`,
    )
  })
})
