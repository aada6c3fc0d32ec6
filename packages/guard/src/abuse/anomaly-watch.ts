// Patterns in the event stream that no single refusal shows: a run of 401, one address against many accounts, one
// account from many networks. They lead to a hint for people, never to a refusal.
//
// Works on what sinks receive, behind the queue: no request waits for it, and it sees pseudonyms only. Memory is
// bounded per rule; under a flood of new subjects the one whose window ends next is forgotten first.
import { guardError } from '../errors.ts'
import type { SecurityEvent, SecurityEventInput } from '../events/catalogue.ts'
import type { SecurityEventSink } from '../events/event-sink.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import { abuseShape } from '../policy/policy-shapes.ts'
import { allEnforced, type Switches } from '../switches/switches.ts'
import { type AnomalyRule, checkAbusePolicy } from './abuse-policy.ts'

/** Settings of {@link createAnomalyWatch}. */
export interface AnomalyWatchOptions {
  readonly rules: readonly AnomalyRule[]
  /** Where hints go: the pipeline's own `emit`. */
  readonly emit: (event: SecurityEventInput) => void
  /** Only `off` changes anything: hints refuse nobody. */
  readonly switches?: Switches
  /** Subjects remembered per rule (default 5,000). */
  readonly maxSubjects?: number
}

/** A sink that can tell how much it remembers. */
export interface AnomalyWatch extends SecurityEventSink {
  readonly subjects: number
}

/** One subject of one rule since its first event. */
interface Window {
  readonly endsAtMs: number
  count: number
  /** Values seen, at most as many as the threshold. */
  readonly values: Set<string>
  told: boolean
}

interface WatchedRule {
  readonly rule: AnomalyRule
  /** In the order in which windows end. */
  readonly windows: Map<string, Window>
}

/**
 * Creates the watch.
 * @throws GuardError `bad_abuse_policy` with every problem in `details`
 * @example
 * const anomalies = createAnomalyWatch({ rules: levqorAnomalies, emit: (event) => events.emit(event) })
 * const events: SecurityEvents = createSecurityEvents({ sinks: [stdoutSink(), anomalies], clock, pseudonyms })
 */
export function createAnomalyWatch(options: AnomalyWatchOptions): AnomalyWatch {
  const { rules, emit, switches = allEnforced, maxSubjects = 5_000 } = options
  const problems = checkShaped(abuseShape, { anomalies: rules }, 'abuse', checkAbusePolicy)
  if (problems.length > 0) {
    throw guardError(
      'bad_abuse_policy',
      `Anomalies cannot be watched:\n${formatProblems(problems)}`,
      problems,
    )
  }
  const watched = rules.map((rule): WatchedRule => ({ rule, windows: new Map() }))
  const byEvent = new Map<string, WatchedRule[]>()
  for (const one of watched) {
    for (const event of new Set(one.rule.events)) byEvent.set(event, [...(byEvent.get(event) ?? []), one])
  }
  return {
    name: 'anomalies',
    write(events) {
      if (switches.mode('abuse') === 'off') return
      for (const event of events) {
        for (const one of byEvent.get(event.event) ?? []) look(one, event)
      }
    },
    get subjects() {
      return watched.reduce((sum, { windows }) => sum + windows.size, 0)
    },
  }

  function look({ rule, windows }: WatchedRule, event: SecurityEvent): void {
    const subject = partOf(event, rule.by)
    const value = rule.distinct === undefined ? '' : partOf(event, rule.distinct)
    if (subject === undefined || value === undefined) return
    const window = windowOf(windows, subject, rule, event.time)
    if (window.told) return
    if (rule.distinct === undefined) window.count += weightOf(event)
    else window.count = window.values.add(value).size
    if (window.count < rule.threshold) return
    window.told = true
    window.values.clear()
    emit({
      event: 'anomaly.suspected',
      ...(rule.by === 'actor' ? { actorId: subject } : {}),
      details: { rule: rule.name, by: rule.by, subject, count: window.count, windowMs: rule.windowMs },
    })
  }

  function windowOf(windows: Map<string, Window>, subject: string, rule: AnomalyRule, now: number): Window {
    const known = windows.get(subject)
    if (known !== undefined && known.endsAtMs > now) return known
    windows.delete(subject)
    for (const [oldest, { endsAtMs }] of windows) {
      if (endsAtMs > now && windows.size < maxSubjects) break
      windows.delete(oldest)
    }
    const fresh: Window = { endsAtMs: now + rule.windowMs, count: 0, values: new Set(), told: false }
    windows.set(subject, fresh)
    return fresh
  }
}

/** An event of a flood stands for all that were merged into it. */
function weightOf({ details }: SecurityEvent): number {
  return typeof details?.merged === 'number' ? details.merged : 1
}

/** Pseudonyms throughout: the pipeline has replaced addresses, the lockout has named accounts by theirs. */
function partOf(event: SecurityEvent, what: 'address' | 'account' | 'actor' | 'network'): string | undefined {
  switch (what) {
    case 'address':
      return event.address
    case 'account':
      return textOf(event, 'account')
    case 'actor':
      return event.actorId
    case 'network':
      return textOf(event, 'network') ?? event.address
  }
}

function textOf({ details }: SecurityEvent, name: string): string | undefined {
  const value = details?.[name]
  return typeof value === 'string' ? value : undefined
}
