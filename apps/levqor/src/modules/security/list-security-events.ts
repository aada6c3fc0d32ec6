// What the guard saw on this installation, newest first.
import { listSecurityEvents as contract } from '@levqor/client'
import { securityEvents } from '@levqor/guard'
import {
  listSecurityEvents as readSecurityEvents,
  type SecurityEventPage,
  serviceError,
} from '@levqor/server'
import { defineVerb } from '../../services.ts'

export const listSecurityEvents = defineVerb({
  name: 'security.events',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:read' },
  input: contract.query,
  run({ db }, query): Promise<SecurityEventPage> {
    const { event, from, to } = query
    if (event !== undefined && !Object.hasOwn(securityEvents, event)) {
      const message = `There is no such event. Use one of ${Object.keys(securityEvents).join(', ')}.`
      throw serviceError('validation_failed', {
        problems: [{ pointer: 'event', code: 'unknown_value', message }],
      })
    }
    return readSecurityEvents(db, {
      limit: query.limit,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      ...(query.severity === undefined ? {} : { severity: query.severity }),
      // Found in the catalogue just above.
      ...(event === undefined ? {} : { event: event as keyof typeof securityEvents }),
      ...(query.actor_id === undefined ? {} : { actorId: query.actor_id }),
      ...(query.workspace_id === undefined ? {} : { workspaceId: query.workspace_id }),
      ...(query.address === undefined ? {} : { address: query.address }),
      ...(query.request_id === undefined ? {} : { requestId: query.request_id }),
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) }),
    })
  },
})
