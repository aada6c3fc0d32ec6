// What keys can be allowed to do. A key may do what its maker may do, never more.
import { apiKeyScopes, operatorScopes, workspaceScopes } from '@levqor/client'
import type { Actor } from '@levqor/server'

/** Whether a key with these scopes can act as an operator, its maker being one. */
export function reachesOperations(scopes: readonly string[]): boolean {
  return operatorScopes.some((scope) => scopes.includes(scope))
}

/** The scopes that the actor can give to a key. */
export function grantableScopes(actor: Actor): readonly string[] {
  if (actor.kind === 'apiKey') return actor.scopes
  return actor.kind === 'user' && actor.operator ? apiKeyScopes : workspaceScopes
}
