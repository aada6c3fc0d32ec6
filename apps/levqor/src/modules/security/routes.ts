// Routes for those who watch over the installation.
import * as contracts from '@levqor/client'
import { defineRoute } from '@levqor/server'
import { getSecuritySummary } from './get-security-summary.ts'
import { listLockouts } from './list-lockouts.ts'
import { listSecurityEvents } from './list-security-events.ts'
import { presentLockout, presentSecurityEvent, presentSummary } from './present-security.ts'
import { unlock } from './unlock.ts'

export const securityRoutes = [
  defineRoute({
    contract: contracts.listSecurityEvents,
    door: 'admin.read',
    verb: listSecurityEvents,
    input: ({ query }) => query,
    present: ({ events, nextCursor }) => ({
      items: events.map(presentSecurityEvent),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.getSecuritySummary,
    door: 'admin.read',
    verb: getSecuritySummary,
    input: () => ({}),
    present: presentSummary,
  }),
  defineRoute({
    contract: contracts.listLockouts,
    door: 'admin.read',
    verb: listLockouts,
    input: ({ query }) => query,
    present: ({ rows, nextCursor }) => ({
      items: rows.map(presentLockout),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.unlock,
    door: 'admin.write',
    verb: unlock,
    input: ({ body }) => body,
  }),
]
