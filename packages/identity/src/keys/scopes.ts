// What keys can be allowed to do. A key may do what its maker may do, never more.
import type { Actor } from '@levqor/server'

const workspaceScopes = [
  'jobs:read',
  'jobs:write',
  'workflows:read',
  'workflows:write',
  'api-keys:read',
  'api-keys:write',
] as const

const operatorScopes = ['ops:read', 'ops:write'] as const

/** Every scope there is. */
export const apiKeyScopes: readonly string[] = [...workspaceScopes, ...operatorScopes]

/** Whether a key with these scopes can act as an operator, its maker being one. */
export function reachesOperations(scopes: readonly string[]): boolean {
  return operatorScopes.some((scope) => scopes.includes(scope))
}

/** The scopes of a key that the actor makes. */
export function grantableScopes(actor: Actor): readonly string[] {
  if (actor.kind === 'apiKey') return actor.scopes
  return actor.kind === 'user' && actor.operator ? apiKeyScopes : workspaceScopes
}
