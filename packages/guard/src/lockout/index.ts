// Lockout: reserve an attempt, check, settle.
export type { Attempt, AttemptResult, AttemptSubject, Lockout } from './attempt.ts'
export { checkSecret, type SecretCheck } from './check-secret.ts'
export type { OwnedSubject } from './counters-of.ts'
export {
  createLockout,
  type LockoutOptions,
  type LockoutService,
  type UnlockRequest,
} from './create-lockout.ts'
export type { KeptState, KeyedStates, StateStep } from './keyed-states.ts'
export type { CounterKind, CounterState } from './lockout-counter.ts'
export { checkLockoutPolicy, type LockoutPolicy, type LockoutRule, type SprayRule } from './lockout-policy.ts'
export {
  type LockoutQuery,
  type LockoutRow,
  type LockoutStore,
  lockoutRow,
  rowLimit,
} from './lockout-store.ts'
export { createMemoryLockoutStore, type MemoryLockoutStore } from './memory-lockout-store.ts'
export { createMemoryStates, type MemoryStates, type MemoryStatesOptions } from './memory-states.ts'
