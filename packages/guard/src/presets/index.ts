// Ready-made limits and doors, one file per application.
export { levqorAbuse, levqorAnomalies } from './abuse.ts'
export { levqorDoors, levqorLimits, levqorPenalties } from './levqor.ts'
export { echochatLockout, levqorLockout } from './lockout.ts'
