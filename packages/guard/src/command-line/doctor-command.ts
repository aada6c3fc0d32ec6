// `guard doctor`: what is wrong with a configuration, a running server, or both.

import { doctorCatalogue } from '../doctor/check-table.ts'
import { type DoctorReport, type DoctorServer, doctor } from '../doctor/doctor.ts'
import { doctorPage } from '../doctor/doctor-page.ts'
import { type Command, type CommandInput, textOption, usageError } from './command.ts'
import { appHelp, loadApp } from './load-app.ts'

/** The command. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'guard doctor [--app FILE] [--url http://127.0.0.1:3000] [--json]',
  summary: 'Find what is wrong with a configuration or a running server',
  details: [
    ...appHelp,
    '--url URL     Visit this server with a few hundred requests. Only this machine, or hosts named by',
    '--allow-host  HOST, which must be your own. With --app its routes are visited too.',
    '--path PATH   Visit this path as well; may be repeated.',
    '--production  Judge as in production, even here.',
    '--catalogue   Print every check instead (Markdown; with --json as data).',
    '--json        The report as data.',
    '',
    'GUARD_DOCTOR_AUTHORIZATION or GUARD_DOCTOR_COOKIE in the environment: what somebody who is signed in',
    'sends in that header, to see whether their answers can be cached.',
    '',
    'After a visit the server’s limits may refuse this machine for a while.',
    'Exit status: 0 nothing worse than a notice, 1 something is wrong, 2 called wrongly.',
  ],
  words: [],
  options: {
    app: { type: 'string' },
    url: { type: 'string' },
    'allow-host': { type: 'string', multiple: true },
    path: { type: 'string', multiple: true },
    production: { type: 'boolean' },
    catalogue: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run(input) {
    const { options, terminal } = input
    if (options.catalogue === true) {
      terminal.out(options.json === true ? JSON.stringify(doctorCatalogue, null, 2) : doctorPage().trimEnd())
      return 0
    }
    const report = await examine(input)
    terminal.out(options.json === true ? JSON.stringify(report, null, 2) : printed(report))
    return report.ok ? 0 : 1
  },
}

async function examine(input: CommandInput): Promise<DoctorReport> {
  const app = textOption(input, 'app')
  const url = textOption(input, 'url')
  if (app === undefined && url === undefined) {
    throw usageError('Say what to examine: --app FILE, --url URL, or both.')
  }
  const loaded = app === undefined ? undefined : await loadApp(app, input.folder)
  const production = input.options.production === true ? { production: true } : {}
  try {
    return await doctor({
      ...(loaded?.guard === undefined ? {} : { guard: loaded.guard }),
      ...(loaded === undefined ? {} : { policy: loaded.policy }),
      facts: { ...loaded?.facts, ...production },
      ...(url === undefined ? {} : { server: serverOf(url, input) }),
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'probe_refused')
      throw usageError(error.message)
    throw error
  }
}

function serverOf(url: string, input: CommandInput): DoctorServer {
  const { GUARD_DOCTOR_AUTHORIZATION: authorization, GUARD_DOCTOR_COOKIE: cookie } = input.env
  return {
    url,
    allowHosts: listOption(input, 'allow-host'),
    paths: listOption(input, 'path'),
    ...(authorization === undefined
      ? {}
      : { credential: { header: 'authorization', value: authorization } as const }),
    ...(cookie === undefined ? {} : { credential: { header: 'cookie', value: cookie } as const }),
  }
}

function listOption(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name]
  return Array.isArray(value) ? value.map(String) : []
}

function printed({ findings, passed, skipped, production }: DoctorReport): string {
  const found = findings.map(({ code, severity, title, place, detail, fix, help }) =>
    [`${severity.toUpperCase()} ${code} ${title}`, `  ${place}: ${detail}`, `  → ${fix}`, `  ${help}`].join(
      '\n',
    ),
  )
  const reasons = Map.groupBy(skipped, ({ why }) => why)
  const left = [...reasons].map(
    ([why, rows]) => `Not judged (${why}): ${rows.map(({ code }) => code).join(', ')}`,
  )
  const wrong = findings.filter(({ severity }) => severity !== 'notice').length
  const judged = `Judged as ${production ? 'production' : 'development'}.`
  const end = `${passed.length} checks passed, ${wrong} findings, ${findings.length - wrong} notices. ${judged}`
  return [...found, ...left, end].join('\n\n')
}
