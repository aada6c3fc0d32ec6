// Suites that an implementation of one of the kernel's ports must pass. For tests only.
export {
  type ConformanceCase,
  limitStoreCases,
  type MovableClock,
  type OpenLimitStore,
} from './limit-store-cases.ts'
