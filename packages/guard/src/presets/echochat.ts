// EchoChat's limits over HTTP. What a socket may send is beside its events: `chatEvents` of `@levqor/guard/sockets`.
import type { LimitRule } from '../limits/limit.ts'

const minute = 60_000
const hour = 60 * minute

/** Limits by name; the two of `default…` both apply. The doors of signing in have numbers of their own. */
export const echochatLimits = {
  defaultPerMinute: { name: 'default-per-minute', by: 'address', quota: 500, windowMs: minute },
  defaultPerHour: { name: 'default-per-hour', by: 'address', quota: 5000, windowMs: hour },
  login: { name: 'login', by: 'address', quota: 10, windowMs: minute },
  register: { name: 'register', by: 'address', quota: 5, windowMs: minute },
  refresh: { name: 'refresh', by: 'address', quota: 30, windowMs: minute },
  forgotPassword: { name: 'forgot-password', by: 'address', quota: 5, windowMs: hour },
  resetPassword: { name: 'reset-password', by: 'address', quota: 10, windowMs: hour },
} as const satisfies Record<string, LimitRule>
