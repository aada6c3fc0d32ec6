// The table as a report: text for a terminal, Markdown for docs/evidence, data for programs.
import { proofOf } from './proof.ts'
import type { Requirement } from './requirement.ts'
import { chapters, requirements } from './requirements.ts'

const words = {
  kernel: 'covered',
  open: 'open',
  application: 'application',
  'not applicable': 'not applicable',
} as const satisfies Record<Requirement['owner'], string>

/** Every row with its proofs. */
export function asData() {
  return {
    standard: 'OWASP ASVS 5.0.0',
    source: 'https://github.com/OWASP/ASVS',
    counts: countsOf(requirements),
    requirements: requirements.map(({ tests, ...row }) => ({ ...row, tests: tests.map(proofOf) })),
  }
}

/** docs/evidence/asvs.md. */
export function asMarkdown(): string {
  const parts = chapters.map(({ title, requirements: rows }) =>
    [
      `## ${title}`,
      '',
      '| id | level | demand | state | proof, or why not |',
      '|---|---|---|---|---|',
      ...rows.map(row),
    ].join('\n'),
  )
  const counts = chapters.map(({ title, requirements: rows }) => {
    const { covered, open, application, 'not applicable': none } = countsOf(rows)
    return `| ${title} | ${covered} | ${open} | ${application} | ${none} |`
  })
  const table = [
    '| chapter | covered | open | application | not applicable |',
    '|---|---|---|---|---|',
    ...counts,
  ]
  return `${[intro, table.join('\n'), ...parts].join('\n\n')}\n`
}

/** For a terminal. */
export function asText(): string {
  const parts = chapters.map(({ title, requirements: rows }) =>
    [title, '', ...rows.flatMap(lines)].join('\n'),
  )
  const { covered, open, application, 'not applicable': none } = countsOf(requirements)
  const sum = `${covered} covered by tests of the kernel, ${open} open, ${application} the application's, ${none} not applicable.`
  return [...parts, sum].join('\n\n')
}

function lines({ id, level, demand, owner, tests, note }: Requirement): string[] {
  const proofs = tests.map(proofOf).map(({ file, name }) => `            ${file}: ${name}`)
  const noted =
    note === undefined ? [] : [`            ${owner === 'kernel' ? 'left to the application: ' : ''}${note}`]
  return [`  ${id.padEnd(8)}L${level} ${words[owner].padEnd(15)}${demand}`, ...proofs, ...noted]
}

function row({ id, level, demand, owner, tests, note }: Requirement): string {
  const proofs = tests
    .map(proofOf)
    .map(({ file, name }) => `${file.replace(/^packages\/guard\/src\//, '')}: *${escaped(name)}*`)
  const noted = note === undefined ? [] : [owner === 'kernel' ? `Left to the application: ${note}` : note]
  return `| ${id} | ${level} | ${demand} | ${words[owner]} | ${[...proofs, ...noted].join('<br>')} |`
}

/** Names of tests hold stars, bars and the like. */
function escaped(name: string): string {
  return name.replaceAll(/[*_|\\<]/g, '\\$&')
}

function countsOf(rows: readonly Requirement[]): Record<(typeof words)[Requirement['owner']], number> {
  const count = (owner: Requirement['owner']) => rows.filter((it) => it.owner === owner).length
  return {
    covered: count('kernel'),
    open: count('open'),
    application: count('application'),
    'not applicable': count('not applicable'),
  }
}

const intro = `# OWASP ASVS 5.0.0: requirement → test

\`npm run asvs\`. The chapters of the [Application Security Verification Standard](https://github.com/OWASP/ASVS) (CC BY-SA
4.0) of which a security kernel can own a part, requirement by requirement in our own words; the standard's own words
count. *covered*: tests of the kernel prove it, as far as it is the kernel's. *open*: it would be the kernel's and is not
proven. *application*: it belongs to the application or its installation. Files are below packages/guard/src unless they
say otherwise. A test checks that every test named here exists. Chapters V1, V5, V8, V12, V14 and V17 are wholly the
application's or its host's.`
