// Runs a verb: access, input, one transaction, audit. Every adapter goes through here and none goes around it.
import { appendAudit, type Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Clock } from '@levqor/guard'
import type { z } from 'zod'
import { serviceError } from '../errors/service-error.ts'
import type { Ids } from '../ids.ts'
import type { Logger } from '../log/create-logger.ts'
import { refusal } from './access.ts'
import { type Actor, auditActor, auditDetails, workspaceOf } from './actor.ts'
import type { AuditFacts, PrepareContext, Verb, VerbContext, VerbKind, VerbReach } from './define-verb.ts'

/** What verbs run on. One per process. */
export interface VerbRuntime<S> {
  readonly database: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly services: S
}

/** One call: who, and under which request. */
export interface VerbCall {
  readonly actor: Actor
  readonly requestId: string
  readonly log: Logger
}

// A deadlock's loser was rolled back whole, so running it again is safe; a third loss in a row is a storm.
const tries = 3

/**
 * Runs the verb and returns its plain value.
 * @throws ServiceError of {@link refusal}, ZodError for an input that does not fit, and what the verb throws
 * @example const { secret } = await runVerb(runtime, createApiKey, { actor, requestId, log }, { name: 'CI' })
 */
export async function runVerb<K extends VerbKind, R extends VerbReach, I extends z.ZodType, O, S>(
  runtime: VerbRuntime<S>,
  verb: Verb<K, R, I, O, S>,
  call: VerbCall,
  input: z.input<I>,
): Promise<O> {
  const refused = refusal(verb.access, call.actor, verb.kind)
  if (refused !== undefined) {
    throw serviceError(
      refused,
      verb.access.scope && refused === 'scope_missing'
        ? { detail: `Use a key with the scope ${verb.access.scope}.` }
        : {},
    )
  }
  const parsed = verb.input.parse(input)
  const prepared = verb.prepare ? await verb.prepare(readContext(runtime, verb, call), parsed) : undefined
  if (verb.kind === 'read') {
    // A read's context is the one that `prepare` gets.
    return verb.run(readContext(runtime, verb, call) as VerbContext<K, R, S>, parsed, prepared)
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await runWrite(runtime, verb, call, parsed, prepared)
    } catch (error) {
      const lost = error instanceof Error && 'code' in error && error.code === 'serialization_failure'
      if (!lost || attempt === tries) throw error
    }
  }
}

function readContext<K extends VerbKind, R extends VerbReach, I extends z.ZodType, O, S>(
  { database, clock, ids, services }: VerbRuntime<S>,
  verb: Verb<K, R, I, O, S>,
  call: VerbCall,
): PrepareContext<R, S> {
  const shared = { clock, ids, services, ...call }
  const ctx =
    verb.reach === 'platform'
      ? { ...shared, db: asSystem(database).read }
      : { ...shared, db: database.workspace(boundTo(call)).read, workspaceId: boundTo(call) }
  // The reach chose the handle just above; the type cannot follow a value.
  return ctx as unknown as PrepareContext<R, S>
}

function runWrite<K extends VerbKind, R extends VerbReach, I extends z.ZodType, O, S>(
  runtime: VerbRuntime<S>,
  verb: Verb<K, R, I, O, S>,
  call: VerbCall,
  input: z.output<I>,
  prepared: unknown,
): Promise<O> {
  const { database, clock, ids, services } = runtime
  const shared = { clock, ids, services, ...call }

  async function inside(db: Parameters<typeof appendAudit>[0], bound: object): Promise<O> {
    let accounted = false
    const ctx = {
      ...shared,
      ...bound,
      db,
      changedNothing() {
        accounted = true
      },
      async audit({ workspaceId, ...facts }: AuditFacts) {
        accounted = true
        const entry = {
          ...facts,
          details: { ...facts.details, ...auditDetails(call.actor) },
          actor: auditActor(call.actor),
          requestId: call.requestId,
        }
        await appendAudit(db, entry, { clock, ids, ...(workspaceId === undefined ? {} : { workspaceId }) })
      },
    }
    // Kind and reach chose the handle; the type cannot follow a value.
    const result = await verb.run(ctx as unknown as VerbContext<K, R, S>, input, prepared)
    if (!accounted) throw new Error(`The verb ${verb.name} changed something and wrote no audit row.`)
    return result
  }

  if (verb.reach === 'platform') return asSystem(database).transaction((tx) => inside(tx, {}))
  const workspaceId = boundTo(call)
  return database.workspace(workspaceId).transaction((tx) => inside(tx, { workspaceId }))
}

function boundTo({ actor }: VerbCall): string {
  const workspaceId = workspaceOf(actor)
  if (workspaceId === undefined) throw serviceError('credential_unsuitable')
  return workspaceId
}
