// Ready-made limits and doors, one file per application.
export { levqorAbuse, levqorAnomalies } from './abuse.ts'
export { echochatLimits } from './echochat.ts'
export { levqorDoors, levqorLimits, levqorPenalties } from './levqor.ts'
export { echochatLockout, levqorLockout } from './lockout.ts'
export { lugnTryggLimits } from './lugn-trygg.ts'
