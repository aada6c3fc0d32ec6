// What a use case is: who may, what goes in, what happens in one transaction. One file per verb states all three.

import type { SystemReader, SystemTransaction, WorkspaceReader, WorkspaceTransaction } from '@levqor/database'
import type { Clock } from '@levqor/guard'
import type { z } from 'zod'
import type { Ids } from '../ids.ts'
import type { Logger } from '../log/create-logger.ts'
import { type Access, accessGaps } from './access.ts'
import type { Actor } from './actor.ts'

export type VerbKind = 'read' | 'write'

/** `workspace`: bound to the actor's workspace. `platform`: across workspaces – authentication and operators only. */
export type VerbReach = 'workspace' | 'platform'

type HandleOf<K extends VerbKind, R extends VerbReach> = R extends 'workspace'
  ? K extends 'write'
    ? WorkspaceTransaction
    : WorkspaceReader
  : K extends 'write'
    ? SystemTransaction
    : SystemReader

/** One row of the audit log; actor, time and request are added. */
export interface AuditFacts {
  /** Noun and past verb: `api_key.created`. */
  readonly action: string
  readonly target?: { readonly kind: string; readonly id: string }
  /** Never personal data, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Personal data of the change, erasable without breaking the chain. */
  readonly personal?: Readonly<Record<string, unknown>>
  /** Platform verbs: the chain to write to. Default: the platform's own. */
  readonly workspaceId?: string
}

interface ReadContext<K extends VerbKind, R extends VerbReach, S> {
  readonly db: HandleOf<K, R>
  readonly clock: Clock
  readonly ids: Ids
  readonly actor: Actor
  readonly log: Logger
  readonly requestId: string
  readonly services: S
}

interface WriteTools {
  /** Records the change. A write verb that neither audits nor says that it changed nothing is rolled back. */
  audit(facts: AuditFacts): Promise<void>
  /** This call found everything as it should be (a replay, a second revoke): nothing to record. */
  changedNothing(): void
}

/** What `prepare` receives: a reader, and no way to write. */
export type PrepareContext<R extends VerbReach, S> = ReadContext<'read', R, S> &
  (R extends 'workspace' ? { readonly workspaceId: string } : unknown)

/** What `run` receives. */
export type VerbContext<K extends VerbKind, R extends VerbReach, S> = ReadContext<K, R, S> &
  (K extends 'write' ? WriteTools : unknown) &
  (R extends 'workspace' ? { readonly workspaceId: string } : unknown)

export interface Verb<
  K extends VerbKind = VerbKind,
  R extends VerbReach = VerbReach,
  I extends z.ZodType = z.ZodType,
  O = unknown,
  S = never,
  P = unknown,
> {
  /** `noun.verb`, as in `api-keys.create`. */
  readonly name: string
  readonly kind: K
  readonly reach: R
  readonly access: Access
  readonly input: I
  /**
   * Runs before the transaction and may await anything: names to resolve, a tenant's patterns to match. It may only
   * decide about what cannot change until `run` (a published version), or what `run` checks again.
   */
  prepare?(ctx: PrepareContext<R, S>, input: z.output<I>): Promise<P>
  /** Runs inside the transaction: await nothing but the database. */
  run(ctx: VerbContext<K, R, S>, input: z.output<I>, prepared: P): Promise<O>
}

export interface VerbDefinition<
  K extends VerbKind,
  R extends VerbReach,
  I extends z.ZodType,
  O,
  S,
  P = undefined,
> extends Omit<Verb<K, R, I, O, S, P>, 'reach'> {
  /** Default `workspace`. */
  readonly reach?: R
}

/**
 * Makes the `defineVerb` of a room whose verbs use the services S.
 * @example
 * const defineVerb = verbsFor<{ mailer: Mailer }>()
 * export const createApiKey = defineVerb({ name: 'api-keys.create', kind: 'write', access, input, run })
 */
export function verbsFor<S>() {
  return <K extends VerbKind, I extends z.ZodType, O, R extends VerbReach = 'workspace', P = undefined>(
    definition: VerbDefinition<K, R, I, O, S, P>,
  ): Verb<K, R, I, O, S> => {
    const gaps = accessGaps(definition.access)
    if (gaps.length > 0) throw new Error(`The verb ${definition.name}: ${gaps.join(', ')}.`)
    // R defaults to 'workspace' exactly when no reach is given; P is only what `prepare` hands to `run`.
    return { ...definition, reach: definition.reach ?? ('workspace' as R) } as unknown as Verb<K, R, I, O, S>
  }
}

/** For verbs that need no services. */
export const defineVerb = verbsFor<unknown>()
