// The doctor: reads a configuration and, if asked, visits the running server; says what is wrong, where, and what to do.
import type { Guard } from '../kernel/create-guard.ts'
import { checkPolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import type { CheckText, DoctorCode, Judgement, Patient, Sign } from './check.ts'
import { configurationChecks, helpFor, probeChecks } from './check-table.ts'
import { problemsOf } from './checks/door-checks.ts'
import type { DoctorFacts } from './doctor-facts.ts'
import { createProbeClient, isProbeError, type ProbeClientOptions } from './probes/probe-client.ts'
import { type Credential, openVisit, type Visit } from './probes/visit.ts'
import { isThisMachine } from './this-machine.ts'

/** A running server to be visited. */
export interface DoctorServer extends ProbeClientOptions {
  /** Paths to ask for beside those of the guard's routes. */
  readonly paths?: readonly string[]
  /** Somebody's way in, for what only they are answered. */
  readonly credential?: Credential
}

/** Who is examined: a guard or a policy, a running server, or both. */
export interface DoctorTarget {
  readonly guard?: Guard
  readonly policy?: Policy
  readonly facts?: DoctorFacts
  readonly server?: DoctorServer
}

/** One thing that is wrong, and where. */
export interface DoctorFinding extends CheckText, Sign {
  readonly code: DoctorCode
  readonly help: string
}

/** The whole examination. */
export interface DoctorReport {
  /** No finding is worse than a notice. */
  readonly ok: boolean
  /** Every question was answered. Otherwise `ok` speaks of what could be asked only. */
  readonly complete: boolean
  /** When limits refused questions: after how long they take some again. */
  readonly retryAfterMs?: number
  readonly production: boolean
  readonly findings: readonly DoctorFinding[]
  readonly passed: readonly DoctorCode[]
  /** What could not be judged, and why. */
  readonly skipped: readonly { readonly code: DoctorCode; readonly why: string }[]
}

/**
 * Examines. Nothing is changed; a visited server gets a few hundred requests, and this machine's address may be
 * refused by its limits for a while afterwards.
 * @throws ProbeError `probe_refused` when the server is not this machine and not allowed, `probe_unanswered` when
 * nothing answers there
 * @example
 * const report = await doctor({ guard, facts: { processes: 2, limitStore: 'memory' } })
 * for (const { code, place, fix } of report.findings) console.error(code, place, fix)
 */
export async function doctor(target: DoctorTarget): Promise<DoctorReport> {
  const { guard, facts = {}, server } = target
  const given = target.policy ?? guard?.policy
  // One that has another shape can only be named as such: every other row would read what is not there.
  const misshapen = given !== undefined && checkPolicy(given).some(({ code }) => shapeProblems.has(code))
  const policy = misshapen ? undefined : given
  const production = facts.production ?? looksLikeProduction(policy, server)
  const notes: Notes = { findings: [], passed: [], skipped: [] }
  let visited: Probed = { complete: true }
  if (misshapen) nameProblems(given, notes)
  if (policy !== undefined)
    await examine({ policy, guard, facts, production, nowMs: guard?.clock.now() ?? Date.now() }, notes)
  if (server !== undefined) {
    const { paths = [], credential } = server
    const client = createProbeClient(server)
    try {
      visited = await probe(await openVisit({ client, production, policy, guard, paths, credential }), notes)
    } finally {
      client.close()
    }
  }
  const ok = notes.findings.every(({ severity }) => severity === 'notice')
  return { ok, ...visited, production, ...notes }
}

interface Notes {
  readonly findings: DoctorFinding[]
  readonly passed: DoctorCode[]
  readonly skipped: { readonly code: DoctorCode; readonly why: string }[]
}

const shapeProblems: ReadonlySet<string> = new Set(['type', 'required'])
const unusable = 'GUARD-009'

function nameProblems(policy: Policy, notes: Notes): void {
  for (const [name, check] of Object.entries(configurationChecks)) {
    const code = name as DoctorCode // a key of this very table
    note(notes, code, check, code === unusable ? problemsOf(policy) : 'the policy cannot be read (GUARD-009)')
  }
}

async function examine(patient: Patient, notes: Notes): Promise<void> {
  for (const [name, check] of Object.entries(configurationChecks)) {
    note(notes, name as DoctorCode, check, await check.run(patient)) // a key of this very table
  }
}

type Probed = Pick<DoctorReport, 'complete' | 'retryAfterMs'>

async function probe(visit: Visit, notes: Notes): Promise<Probed> {
  // Most rows judge what was seen while looking around.
  const looked = visit.limited === 0
  let complete = true
  for (const [name, check] of Object.entries(probeChecks)) {
    const before = visit.limited
    const judgement = await check.run(visit).catch((error: unknown) => {
      if (!isProbeError(error)) throw error
      complete = false
      return error.message
    })
    const refused = !looked || visit.limited > before
    const unanswered = refused && judgement.length === 0 && check.meetsLimits !== true
    if (unanswered) complete = false
    note(notes, name as DoctorCode, check, unanswered ? refusedUs : judgement) // a key of this very table
  }
  return { complete, ...(visit.limited === 0 ? {} : { retryAfterMs: visit.retryAfterMs }) }
}

/** Why a row was not judged: the server refused its questions. */
export const refusedUs = 'the server’s limits refused the questions; wait and repeat'

function note(notes: Notes, code: DoctorCode, check: CheckText, judgement: Judgement): void {
  if (typeof judgement === 'string') {
    notes.skipped.push({ code, why: judgement })
    return
  }
  if (judgement.length === 0) notes.passed.push(code)
  const { title, severity, explanation, fix } = check
  for (const { place, detail } of judgement) {
    notes.findings.push({ code, title, severity, place, detail, explanation, fix, help: helpFor(code) })
  }
}

function looksLikeProduction(policy: Policy | undefined, server: DoctorServer | undefined): boolean {
  if (process.env.NODE_ENV === 'production') return true
  const addresses = [server?.url, policy?.transport.publicOrigin, ...(policy?.browser.origins ?? [])]
  return addresses.some((address) => address !== undefined && !isThisMachine(address))
}
