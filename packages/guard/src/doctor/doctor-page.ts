// The documentation of the codes, made from the table: docs/guard-doctor.md is exactly this text.
import { doctorCatalogue } from './check-table.ts'

const kinds = {
  configuration: 'Found in the policy, the guard or the facts it was told.',
  probe: 'Found by asking the running server.',
} as const

/** Markdown with one heading, and so one anchor, per code. */
export function doctorPage(): string {
  const rows = doctorCatalogue.map(
    ({ code, severity, title }) => `| [${code}](#${code.toLowerCase()}) | ${severity} | ${title} |`,
  )
  const sections = doctorCatalogue.map(({ code, severity, title, explanation, fix, kind }) =>
    [`## ${code}`, '', `**${title}** (${severity})`, '', explanation, '', `Do: ${fix}`, '', kinds[kind]].join(
      '\n',
    ),
  )
  return `${[intro, ['| code | severity | what |', '|---|---|---|', ...rows].join('\n'), ...sections].join('\n\n')}\n`
}

const intro = `# What the doctor finds

\`guard doctor --app ./server.ts\` reads a configuration, \`guard doctor --url http://127.0.0.1:3000\` visits a running
server; both together see most. A \`notice\` is for information; a \`warning\` or a \`critical\` finding makes the exit
status 1; 3 says that nothing was found, but limits refused questions. The module given by \`--app\` exports \`guard\` or
\`policy\`, and may export \`guardFacts\` with what neither of them can know. Codes are stable. This page is made from the
table itself: \`guard doctor --catalogue\`; \`guard doctor --explain GUARD-041\` prints one of them.`
