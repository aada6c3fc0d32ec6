// The routes of a change of address.
import {
  confirmEmailChange as confirmEmailChangeContract,
  getEmailChange as getEmailChangeContract,
  lookAtEmailChange as lookAtEmailChangeContract,
  type PendingEmailChange,
  requestEmailChange as requestEmailChangeContract,
  stopEmailChange as stopEmailChangeContract,
  withdrawEmailChange as withdrawEmailChangeContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import { confirmEmailChange } from './confirm-email-change.ts'
import type { PendingChange } from './email-change.ts'
import { getEmailChange } from './get-email-change.ts'
import { lookAtEmailChange } from './look-at-email-change.ts'
import { requestEmailChange } from './request-email-change.ts'
import { stopEmailChange } from './stop-email-change.ts'
import { withdrawEmailChange } from './withdraw-email-change.ts'

function presentPending(change: PendingChange | undefined): PendingEmailChange {
  if (!change) return { pending: null }
  const { email, confirmed, expiresAt } = change
  return { pending: { email, confirmed, expires_at: presentTime(expiresAt) } }
}

export const emailChangeRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: requestEmailChangeContract,
    door: 'user.write',
    verb: requestEmailChange,
    input: ({ body }) => body,
    present: presentPending,
  }),
  defineRoute({
    contract: getEmailChangeContract,
    door: 'session',
    verb: getEmailChange,
    input: () => ({}),
    present: presentPending,
  }),
  defineRoute({
    contract: withdrawEmailChangeContract,
    door: 'session',
    verb: withdrawEmailChange,
    input: () => ({}),
  }),
  defineRoute({
    contract: lookAtEmailChangeContract,
    // The mail may be read in a browser that is not signed in. A token cannot be guessed; the limit bounds the look-ups.
    door: 'auth.sign-in',
    verb: lookAtEmailChange,
    input: ({ body }) => body,
    present: ({ mailbox, email, newEmail }) => ({ mailbox, email, new_email: newEmail }),
  }),
  defineRoute({
    contract: confirmEmailChangeContract,
    door: 'auth.sign-in',
    verb: confirmEmailChange,
    input: ({ body }) => body,
  }),
  defineRoute({
    contract: stopEmailChangeContract,
    door: 'auth.sign-in',
    verb: stopEmailChange,
    input: ({ body }) => body,
    present: ({ sessionsEnded }) => ({ status: 'stopped' as const, sessions_ended: sessionsEnded }),
  }),
]
