// The routes of an account's end.
import {
  requestDeletion as requestDeletionContract,
  undoDeletion as undoDeletionContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import { requestDeletion } from './request-deletion.ts'
import { undoDeletion } from './undo-deletion.ts'

export const accountRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: requestDeletionContract,
    door: 'user.write',
    verb: requestDeletion,
    input: () => ({}),
    present: ({ dueAt }) => ({ deletion_due_at: presentTime(dueAt) }),
  }),
  defineRoute({
    contract: undoDeletionContract,
    door: 'session',
    verb: undoDeletion,
    input: () => ({}),
  }),
]
