// A guard that is known to work when it is there: policy, secrets and store are judged together, before anything listens.
import { guardError } from '../errors.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { formatProblems } from '../policy/check-shaped.ts'
import type { Policy, PolicyProblem } from '../policy/policy.ts'
import { createSecret, type Secret, secretProblem } from '../secrets/secret.ts'
import { checkStore } from './check-store.ts'
import { createGuard, type Guard, type GuardOptions } from './create-guard.ts'
import { guardOptionProblems } from './guard-options-shape.ts'

/** What {@link openGuard} is given. */
export interface GuardPlan<Name extends string = never> {
  readonly policy: Policy
  readonly store: LimitStore
  /** Texts by name, as the environment has them; one that is not set is as weak as an empty one. */
  readonly secrets?: Readonly<Record<Name, string | undefined>>
  /** Everything else, made with the secrets once they hold. */
  readonly parts?: (secrets: Readonly<Record<Name, Secret>>) => Omit<GuardOptions, 'policy' | 'store'>
  /** Longest wait for the store's first answer (default 5 s). */
  readonly storeTimeoutMs?: number
}

/**
 * Creates the guard, or says everything that is wrong at once: each problem of the policy, each weak secret, a store that
 * does not answer. {@link createGuard} does the same without waiting, so it cannot know about the store.
 * @throws GuardError `cannot_start` with all {@link PolicyProblem}s in `details`; no text of a secret is repeated
 * @example
 * const guard = await openGuard({
 *   policy,
 *   store: createRedisLimitStore({ redis, namespace: 'notes' }),
 *   secrets: { GUARD_SECRET: process.env.GUARD_SECRET },
 *   parts: ({ GUARD_SECRET }) => ({ events: createSecurityEvents({ sinks, pseudonyms: createPseudonyms({ secret: GUARD_SECRET }) }) }),
 * })
 */
export async function openGuard<Name extends string = never>(plan: GuardPlan<Name>): Promise<Guard> {
  const { policy, store, parts, storeTimeoutMs = 5_000 } = plan
  // The keys of the plan's own record.
  const texts = Object.entries(plan.secrets ?? {}) as [Name, string | undefined][]
  const shape = guardOptionProblems({ policy, store })
  const problems: PolicyProblem[] = [
    ...shape,
    ...texts.flatMap(([name, text]) => secretProblem(text ?? '', `secrets.${name}`) ?? []),
    ...(shape.some(({ path }) => path === 'store') ? [] : await storeProblem(store, storeTimeoutMs)),
  ]
  if (problems.length > 0) {
    throw guardError('cannot_start', `The guard cannot start:\n${formatProblems(problems)}`, problems)
  }
  const secrets = Object.fromEntries(texts.map(([name, text]) => [name, createSecret(text ?? '', { name })]))
  // One for each name, as just made.
  return createGuard({ policy, store, ...parts?.(secrets as Record<Name, Secret>) })
}

async function storeProblem(store: LimitStore, timeoutMs: number): Promise<PolicyProblem[]> {
  try {
    await checkStore(store, timeoutMs)
    return []
  } catch (error) {
    const fix = error instanceof Error ? error.message : String(error)
    return [{ code: 'store_unreachable', path: 'store', fix }]
  }
}
