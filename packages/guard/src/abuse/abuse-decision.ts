// What abuse rules answer, and how a lowered switch changes it.
import type { Decision } from '../decision/decision.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import type { ProtectionMode } from '../switches/switches.ts'

/** Nothing against it. */
export function accepted(clientIp: string): Decision {
  return { outcome: 'allow', reason: 'allowed', limits: [], clientIp }
}

/** A refusal, which only `enforce` carries out. */
export function refused(
  mode: ProtectionMode,
  clientIp: string,
  reason: DecisionReason,
  retryAfterMs?: number,
): Decision {
  const outcome = mode === 'enforce' ? 'deny' : 'degrade'
  const decision: Decision = { outcome, reason, limits: [], clientIp }
  return retryAfterMs === undefined ? decision : { ...decision, retryAfterMs }
}
