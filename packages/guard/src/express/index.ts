// Express 5 adapter of the guard.
export { type GuardExpressOptions, guardExpress } from './guard-express.ts'
export { requireDoors, unservedRoutes } from './require-doors.ts'
