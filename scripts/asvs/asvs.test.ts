// The table cannot lie: every test that it names exists, and the report that is kept is the one it makes.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { proofOf } from './proof.ts'
import { asData, asMarkdown, asText } from './report.ts'
import { chapters, requirements } from './requirements.ts'
import { namesIn } from './test-names.ts'

/** How many requirements each section of ASVS 5.0.0 has. */
const sections: Readonly<Record<string, readonly number[]>> = {
  V2: [3, 3, 5, 2],
  V3: [1, 3, 5, 8, 8, 1, 5],
  V4: [5, 5, 2, 4],
  V6: [3, 12, 8, 6, 8, 4, 2, 4],
  V7: [3, 4, 2, 5, 3, 2],
  V9: [3, 4],
  V10: [2, 3, 5, 16, 5, 2, 3],
  V11: [4, 5, 5, 4, 2, 2, 2],
  V13: [4, 6, 4, 7],
  V15: [5, 5, 7, 4],
  V16: [1, 5, 4, 3, 4],
}

describe('the ASVS table', () => {
  it.each(requirements.flatMap(({ id, tests }) => tests.map((reference) => [id, reference] as const)))(
    '%s is proven by a test that exists: %s',
    (_id, reference) => {
      expect(proofOf(reference)).toMatchObject({ exists: true })
    },
  )

  it('has every requirement of its chapters once, in order', () => {
    const expected = Object.entries(sections).flatMap(([chapter, counts]) =>
      counts.flatMap((count, section) =>
        Array.from({ length: count }, (_, i) => `${chapter}.${section + 1}.${i + 1}`),
      ),
    )
    expect(requirements.map(({ id }) => id)).toEqual(expected)
  })

  it('says of everything that is not proven why', () => {
    for (const { owner, tests, note, id } of requirements) {
      if (owner === 'kernel') expect([id, tests.length]).not.toEqual([id, 0])
      else expect([id, tests, note]).toEqual([id, [], expect.stringMatching(/.{12,}/)])
    }
  })

  it('docs/evidence/asvs.md is made from it: npm run asvs -- --write', () => {
    expect(readFileSync(new URL('../../docs/evidence/asvs.md', import.meta.url), 'utf8')).toBe(asMarkdown())
  })
})

describe('npm run asvs', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const run = (...args: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      execFile(process.execPath, [main, ...args], (error, out) => (error ? reject(error) : resolve(out)))
    })

  it('prints every requirement with its level, and the sum', async () => {
    const text = await run()
    expect(text.trimEnd()).toBe(asText())
    for (const { id, level } of requirements) expect(text).toContain(`  ${id.padEnd(8)}L${level} `)
    expect(text).toMatch(
      /\d+ covered by tests of the kernel, \d+ open, \d+ the application's, \d+ not applicable\./,
    )
  })

  it('--json is data', async () => {
    const data = JSON.parse(await run('--json'))
    expect(data).toEqual(asData())
    expect(chapters.length).toBe(Object.keys(sections).length)
  })
})

describe('names of tests', () => {
  it('are read from every form in which tests are written', () => {
    const source = [
      "it('plain', () => {})",
      'it(`with ${a} hole`, run)',
      'it("it\\\'s \\"quoted\\"", run)',
      "it.each([['(', /[)]/, `)`]])('each %s', run)",
      "it.each<[string, () => void]>([['a']])('typed %s', run)",
      "it.skipIf(!ready('own'))('skippable', run)",
      "it.concurrent('side by side', run)",
      "it.concurrent.each(list)('many', run)",
      "test('other word', run) // it('comment')",
      "  // it('left out', run)",
      " * it('left out, too', run)",
      "it.skip('proves nothing', run)",
      "await it('x'.length)",
      "object.it('method', run)",
      'it(name, run)',
    ].join('\n')
    expect(namesIn(source)).toEqual([
      'plain',
      'with ${a} hole',
      'it\'s "quoted"',
      'each %s',
      'typed %s',
      'skippable',
      'side by side',
      'many',
      'other word',
      'x',
    ])
  })

  it('a test that was renamed or whose file is gone does not exist', () => {
    const there = 'events/event-pipeline.test.ts: arrive in order, complete, with the address as a pseudonym'
    expect(proofOf(there).exists).toBe(true)
    expect(proofOf(`${there}s`).exists).toBe(false)
    expect(proofOf('events/gone.test.ts: anything').exists).toBe(false)
    expect(proofOf('scripts/asvs/asvs.test.ts: --json is data')).toEqual({
      file: 'scripts/asvs/asvs.test.ts',
      name: '--json is data',
      exists: true,
    })
  })
})
