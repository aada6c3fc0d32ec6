// Suites that an implementation of one of the kernel's ports must pass. For tests only.

export {
  keyedStatesCases,
  type OpenStateStore,
  type StateSample,
} from './keyed-states-cases.ts'
export {
  type ConformanceCase,
  limitStoreCases,
  type MovableClock,
  type OpenLimitStore,
} from './limit-store-cases.ts'
export { lockoutStoreCases, type OpenLockoutStore } from './lockout-store-cases.ts'
export { type OpenRefreshStores, refreshStoreCases } from './refresh-store-cases.ts'
export { type OpenReplayStore, replayStoreCases } from './replay-store-cases.ts'
export { type OpenReviewStore, reviewStoreCases } from './review-store-cases.ts'
export { type BusEnd, type OpenBusEnds, revocationBusCases } from './revocation-bus-cases.ts'
export { type OpenRevocationStores, revocationStoreCases } from './revocation-store-cases.ts'
