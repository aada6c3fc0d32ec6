// `guard doctor`: what is wrong with a configuration, a running server, or both.

import { doctorCatalogue } from '../doctor/check-table.ts'
import { type DoctorReport, type DoctorServer, doctor, refusedUs } from '../doctor/doctor.ts'
import { doctorPage } from '../doctor/doctor-page.ts'
import { suggest } from '../suggest.ts'
import { type Command, type CommandInput, textOption, usageError } from './command.ts'
import { appHelp, factsHelp, loadApp } from './load-app.ts'

/** The command. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage:
    'guard doctor [--app FILE] [--url URL] [--allow-host HOST] [--path PATH] [--wait SECONDS] [--production] [--verbose] [--explain CODE] [--catalogue] [--json]',
  summary: 'Find what is wrong with a configuration or a running server',
  details: [
    ...appHelp,
    ...factsHelp,
    '--url URL     Visit this server with a few hundred requests. Only this machine, or hosts named by',
    '--allow-host  HOST, which must be your own. With --app its routes are visited too.',
    '--path PATH   Visit this path as well; may be repeated.',
    '--wait SECONDS How long to wait, all together, when the server’s limits refuse questions with Retry-After',
    '              (default 90). What is refused after that is counted as not tried.',
    '--production  Judge as in production, even here.',
    '--verbose     Name every check that was not judged, and why.',
    '--explain CODE Print what one finding means and what to do, such as GUARD-041.',
    '--catalogue   Print every check instead (Markdown; with --json as data).',
    '--json        The report as data.',
    '',
    'GUARD_DOCTOR_AUTHORIZATION or GUARD_DOCTOR_COOKIE in the environment: what somebody who is signed in',
    'sends in that header, to see whether their answers can be cached.',
    '',
    'After a visit the server’s limits may refuse this machine for a while.',
    'Exit status: 0 nothing worse than a notice, 1 something is wrong, 2 called wrongly, 3 nothing is wrong but not',
    'everything could be tried.',
  ],
  words: [],
  options: {
    app: { type: 'string' },
    url: { type: 'string' },
    'allow-host': { type: 'string', multiple: true },
    path: { type: 'string', multiple: true },
    wait: { type: 'string' },
    production: { type: 'boolean' },
    verbose: { type: 'boolean' },
    explain: { type: 'string' },
    catalogue: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run(input) {
    const { options, terminal } = input
    if (options.catalogue === true) {
      terminal.out(options.json === true ? JSON.stringify(doctorCatalogue, null, 2) : doctorPage().trimEnd())
      return 0
    }
    const code = textOption(input, 'explain')
    if (code !== undefined) {
      const entry = entryOf(code)
      const { title, severity, explanation, fix } = entry
      const text = `${entry.code} ${title} (${severity})\n\n${explanation}\n\nDo: ${fix}`
      terminal.out(options.json === true ? JSON.stringify(entry, null, 2) : text)
      return 0
    }
    const report = await examine(input)
    terminal.out(
      options.json === true ? JSON.stringify(report, null, 2) : printed(report, options.verbose === true),
    )
    if (!report.ok) return 1
    return report.complete ? 0 : 3
  },
}

function entryOf(code: string) {
  const wanted = code.toUpperCase()
  const entry = doctorCatalogue.find((row) => row.code === wanted)
  if (entry !== undefined) return entry
  const known = doctorCatalogue.map((row) => row.code.toLowerCase())
  const meant = suggest(wanted, known)?.toUpperCase()
  const hint = meant === undefined ? 'guard doctor --catalogue lists all.' : `Did you mean ${meant}?`
  throw usageError(`There is no check ${JSON.stringify(code)}. ${hint}`)
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
  const maxWaitMs = waitOf(input) * 1000
  // With --json nothing but the report is for reading.
  const quiet = input.options.json === true
  let saidMs = Number.NEGATIVE_INFINITY
  return {
    url,
    maxWaitMs,
    onWait(ms, waitedMs) {
      if (quiet || waitedMs - saidMs < 10_000) return
      saidMs = waitedMs
      input.terminal.error(
        `The server’s limits refuse; waiting ${seconds(ms)} s as they ask (${seconds(waitedMs)} of at most ${seconds(maxWaitMs)} s so far).`,
      )
    },
    allowHosts: listOption(input, 'allow-host'),
    paths: listOption(input, 'path'),
    ...(authorization === undefined
      ? {}
      : { credential: { header: 'authorization', value: authorization } as const }),
    ...(cookie === undefined ? {} : { credential: { header: 'cookie', value: cookie } as const }),
  }
}

function waitOf(input: CommandInput): number {
  const given = textOption(input, 'wait') ?? '90'
  if (!/^\d{1,4}$/.test(given)) throw usageError(`--wait takes whole seconds, not ${JSON.stringify(given)}.`)
  return Number(given)
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000)
}

function listOption(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name]
  return Array.isArray(value) ? value.map(String) : []
}

function printed(report: DoctorReport, verbose: boolean): string {
  const { findings, passed, skipped, production } = report
  const found = findings.map(({ code, severity, title, place, detail, fix }) =>
    [
      `${severity.toUpperCase()} ${code} ${title}`,
      `  ${place}: ${detail}`,
      `  → ${fix}`,
      `  guard doctor --explain ${code}`,
    ].join('\n'),
  )
  const reasons = Map.groupBy(skipped, ({ why }) => why)
  const named = [...reasons].map(
    ([why, rows]) => `Not judged (${why}): ${rows.map(({ code }) => code).join(', ')}`,
  )
  const refused = skipped.filter(({ why }) => why === refusedUs).length
  const other = skipped.length - refused
  const brief = other === 0 ? [] : [`Not judged: ${counted(other, 'check')}; --verbose says which and why.`]
  const notices = findings.filter(({ severity }) => severity === 'notice').length
  const counts = [
    `${counted(passed.length, 'check')} passed`,
    counted(findings.length - notices, 'finding'),
    ...(notices > 0 || report.complete ? [counted(notices, 'notice')] : []),
  ].join(', ')
  const judged = `Judged as ${production ? 'production' : 'development'}.`
  const parts = [...found, ...(verbose ? named : brief)]
  return [...parts, ...endOf(report, refused, counts, judged)].join('\n\n')
}

function endOf(report: DoctorReport, refused: number, counts: string, judged: string): string[] {
  if (report.complete) return [`${counts}. ${judged}`]
  if (refused === 0) return [judged, `${counts}, but the questions ran out: --verbose says why.`]
  const wait = Math.max(60, seconds(report.retryAfterMs ?? 0))
  return [judged, `${counts}, ${refused} could not be tried (limits): wait ${wait} s and repeat.`]
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
