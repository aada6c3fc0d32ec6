// The routes of one's own account: profile, address, end.
import {
  changeProfile as changeProfileContract,
  confirmEmailChange as confirmEmailChangeContract,
  getEmailChange as getEmailChangeContract,
  type PendingEmailChange,
  requestDeletion as requestDeletionContract,
  requestEmailChange as requestEmailChangeContract,
  stopEmailChange as stopEmailChangeContract,
  undoDeletion as undoDeletionContract,
  withdrawEmailChange as withdrawEmailChangeContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { confirmEmailChange } from '../email-change/confirm-email-change.ts'
import type { PendingChange } from '../email-change/email-change.ts'
import { getEmailChange } from '../email-change/get-email-change.ts'
import { requestEmailChange } from '../email-change/request-email-change.ts'
import { stopEmailChange } from '../email-change/stop-email-change.ts'
import { withdrawEmailChange } from '../email-change/withdraw-email-change.ts'
import { changeProfile } from '../me/change-profile.ts'
import type { IdentityServices } from '../services.ts'
import { requestDeletion } from './request-deletion.ts'
import { undoDeletion } from './undo-deletion.ts'

function presentPending(change: PendingChange | undefined): PendingEmailChange {
  if (!change) return { pending: null }
  const { email, confirmed, expiresAt } = change
  return { pending: { email, confirmed, expires_at: new Date(expiresAt).toISOString() } }
}

export const accountRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: changeProfileContract,
    door: 'session',
    verb: changeProfile,
    input: ({ body }) => body,
  }),
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
    contract: confirmEmailChangeContract,
    // The mail may be read in a browser that is not signed in. A token cannot be guessed; the limit bounds the look-ups.
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
  defineRoute({
    contract: requestDeletionContract,
    door: 'user.write',
    verb: requestDeletion,
    input: () => ({}),
    present: ({ dueAt }) => ({ deletion_due_at: new Date(dueAt).toISOString() }),
  }),
  defineRoute({
    contract: undoDeletionContract,
    door: 'session',
    verb: undoDeletion,
    input: () => ({}),
  }),
]
