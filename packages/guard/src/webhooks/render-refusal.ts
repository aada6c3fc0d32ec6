// What a refused sender is answered: one text for all adapters.
import type { Decision } from '../decision/decision.ts'
import { type RenderedDecision, renderDecision } from '../decision/render-problem.ts'

/** Renders a refusal of a request to this target, whose query is left out: it may hold secrets. */
export function renderRefusal(decision: Decision, target: string, requestId?: string): RenderedDecision {
  const query = target.indexOf('?')
  const instance = query < 0 ? target : target.slice(0, query)
  return renderDecision(decision, requestId === undefined ? { instance } : { instance, requestId })
}
