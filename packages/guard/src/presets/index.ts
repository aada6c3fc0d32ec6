// Ready-made limits and doors, one file per application.
export { levqorDoors, levqorLimits } from './levqor.ts'
