// Lugn & Trygg's limits: a journal is written by hand, so an hour's entries are few.
import type { LimitRule } from '../limits/limit.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Limits by name. Writing is counted by account, and by address for those who are not signed in; both windows apply. */
export const lugnTryggLimits = {
  writesPerHour: { name: 'writes-per-hour', by: 'account', quota: 50, windowMs: hour },
  writesPerDay: { name: 'writes-per-day', by: 'account', quota: 200, windowMs: day },
  strangersWritesPerHour: { name: 'strangers-writes-per-hour', by: 'address', quota: 50, windowMs: hour },
  strangersWritesPerDay: { name: 'strangers-writes-per-day', by: 'address', quota: 200, windowMs: day },
  reads: { name: 'reads', by: 'account', quota: 60, windowMs: minute },
  strangersReads: { name: 'strangers-reads', by: 'address', quota: 60, windowMs: minute },
  signIn: { name: 'sign-in', by: 'address', quota: 5, windowMs: minute },
} as const satisfies Record<string, LimitRule>
