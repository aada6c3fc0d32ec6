// The doctor: reads a configuration and, if asked, visits the running server; says what is wrong, where, and what to do.
import type { Guard } from '../kernel/create-guard.ts'
import type { Policy } from '../policy/policy.ts'
import type { CheckText, DoctorCode, Judgement, Patient, Sign } from './check.ts'
import { configurationChecks, helpFor, probeChecks } from './check-table.ts'
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
  readonly production: boolean
  readonly findings: readonly DoctorFinding[]
  readonly passed: readonly DoctorCode[]
  /** What could not be judged, and why. */
  readonly skipped: readonly { readonly code: DoctorCode; readonly why: string }[]
}

/**
 * Examines. Nothing is changed; a visited server gets a few hundred requests, and this machine's address may be
 * refused by its limits for a while afterwards.
 * @throws ProbeError `probe_refused` when the server is not this machine and not allowed, or does not answer
 * @example
 * const report = await doctor({ guard, facts: { processes: 2, limitStore: 'memory' } })
 * for (const { code, place, fix } of report.findings) console.error(code, place, fix)
 */
export async function doctor(target: DoctorTarget): Promise<DoctorReport> {
  const { guard, facts = {}, server } = target
  const policy = target.policy ?? guard?.policy
  const production = facts.production ?? looksLikeProduction(policy, server)
  const notes: Notes = { findings: [], passed: [], skipped: [] }
  if (policy !== undefined)
    await examine({ policy, guard, facts, production, nowMs: guard?.clock.now() ?? Date.now() }, notes)
  if (server !== undefined) {
    const { paths = [], credential } = server
    const client = createProbeClient(server)
    try {
      await probe(await openVisit({ client, production, policy, guard, paths, credential }), notes)
    } finally {
      client.close()
    }
  }
  const ok = notes.findings.every(({ severity }) => severity === 'notice')
  return { ok, production, ...notes }
}

interface Notes {
  readonly findings: DoctorFinding[]
  readonly passed: DoctorCode[]
  readonly skipped: { readonly code: DoctorCode; readonly why: string }[]
}

async function examine(patient: Patient, notes: Notes): Promise<void> {
  for (const [name, check] of Object.entries(configurationChecks)) {
    note(notes, name as DoctorCode, check, await check.run(patient)) // a key of this very table
  }
}

async function probe(visit: Visit, notes: Notes): Promise<void> {
  for (const [name, check] of Object.entries(probeChecks)) {
    const before = visit.limited
    const judgement = await check.run(visit).catch((error: unknown) => {
      if (isProbeError(error)) return error.message
      throw error
    })
    const unanswered = visit.limited > before && judgement.length === 0 && check.meetsLimits !== true
    note(notes, name as DoctorCode, check, unanswered ? refusedUs : judgement) // a key of this very table
  }
}

const refusedUs = 'the server’s limits refused the questions; wait and repeat'

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
