// Saying no, in one place: the decision, the event, and what a lowered switch turns it into.
import type { Decision } from '../decision/decision.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import type { EventDetails, SecurityEventName } from '../events/catalogue.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { LimitState } from '../limits/limit.ts'
import type { ProtectionMode } from '../switches/switches.ts'
import type { CredentialKind } from './identity.ts'
import type { OpenPassage } from './passage.ts'

/** Facts that belong to a refusal. */
interface RefusalFacts {
  readonly limits?: readonly LimitState[]
  readonly retryAfterMs?: number
  readonly location?: string
  readonly scopes?: readonly string[]
  readonly accepts?: readonly CredentialKind[]
  readonly details?: EventDetails
}

/** Refuses, or only notes it when the protection is observed. Returns the decision if it is final. */
export type Refuse = (
  passage: OpenPassage,
  mode: ProtectionMode,
  reason: DecisionReason,
  event: SecurityEventName | undefined,
  facts?: RefusalFacts,
) => Decision | undefined

const noLimits: readonly LimitState[] = []

/** Binds refusing to an event stream, and to whoever counts final refusals. */
export function createRefuse(
  events: SecurityEvents,
  refused?: (passage: OpenPassage, reason: DecisionReason) => void,
): Refuse {
  return (passage, mode, reason, event, facts = {}) => {
    if (event !== undefined) {
      events.emit({
        event,
        requestId: passage.exchange.requestId,
        actorId: passage.actor?.id,
        workspaceId: passage.actor?.workspaceId,
        address: passage.clientIp,
        details: { door: passage.door.name, reason, mode, ...facts.details },
      })
    }
    if (mode === 'observe') {
      passage.degraded ??= reason
      return undefined
    }
    const decision: Decision = {
      outcome: 'deny',
      reason,
      limits: facts.limits ?? noLimits,
      clientIp: passage.clientIp,
      ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
      ...(facts.location === undefined ? {} : { location: facts.location }),
      ...(facts.scopes === undefined ? {} : { scopes: facts.scopes }),
      ...(facts.accepts === undefined ? {} : { accepts: facts.accepts }),
      ...(passage.actor === undefined ? {} : { actor: passage.actor }),
    }
    passage.decision = decision
    refused?.(passage, reason)
    return decision
  }
}

/** Lets a passage through with the limits it was charged. */
export function admit(passage: OpenPassage, limits: readonly LimitState[] = noLimits): Decision {
  const { actor, degraded, clientIp } = passage
  const outcome = degraded === undefined ? 'allow' : 'degrade'
  const reason = degraded ?? 'allowed'
  const decision: Decision =
    actor === undefined ? { outcome, reason, limits, clientIp } : { outcome, reason, limits, clientIp, actor }
  passage.decision = decision
  return decision
}

/** Refusals that no switch can lower always give a decision. */
export function required(decision: Decision | undefined): Decision {
  if (decision === undefined) throw new Error('An enforced refusal has a decision')
  return decision
}
