import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { limitsTable } from '../scripts/limits-table.ts'

it('SECURITY.md tells the limits and lifetimes of the policies (node apps/levqor/scripts/write-limits-table.ts)', () => {
  const text = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8')
  expect(text).toContain(`## Limits and lifetimes\n\n${limitsTable()}\n\n`)
  expect(limitsTable()).toContain('5 in 10 minutes lock for 15 minutes, then for 30 minutes')
})
