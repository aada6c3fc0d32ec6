import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { doctorCatalogue } from './check-table.ts'
import { doctorPage } from './doctor-page.ts'

const page = readFileSync(new URL('../../../../docs/guard-doctor.md', import.meta.url), 'utf8')

describe('the catalogue', () => {
  it('docs/guard-doctor.md is made from it: guard doctor --catalogue > docs/guard-doctor.md', () => {
    expect(page).toBe(doctorPage())
  })

  it('every code has an anchor that its help leads to, and texts of its own', () => {
    const seen = new Set<string>()
    for (const { code, help, title, explanation, fix } of doctorCatalogue) {
      expect(code).toMatch(/^GUARD-\d{3}$/)
      expect(help).toBe(`docs/guard-doctor.md#${code.toLowerCase()}`)
      expect(page).toContain(`\n## ${code}\n`)
      for (const text of [title, explanation, fix]) expect(text).toMatch(/^["A-Z].{8,}[^ ]$/)
      seen.add(code).add(title)
    }
    expect(seen.size).toBe(2 * doctorCatalogue.length)
  })
})
