// What keys can be allowed to do. A key may do what its maker may do, never more.
import { apiKeyScopes, operatorScopes, workspaceScopes } from '@levqor/client'
import { type Actor, type WorkspaceRole, workspaceRoles } from '@levqor/server'

/** The least role that carries a scope, as the verbs ask it of people; what is not listed is every member's. */
const leastRole: Readonly<Record<string, WorkspaceRole>> = {
  'jobs:write': 'member',
  'workflows:write': 'member',
  'api-keys:read': 'member',
  'api-keys:write': 'admin',
}

/** What is left of a key's scopes while its maker has this role. Operators' scopes belong to no role. */
export function scopesWithin(scopes: readonly string[], role: WorkspaceRole): readonly string[] {
  const rank = workspaceRoles.indexOf(role)
  return scopes.filter((scope) => rank >= workspaceRoles.indexOf(leastRole[scope] ?? 'viewer'))
}

/** Whether a key with these scopes can act as an operator, its maker being one. */
export function reachesOperations(scopes: readonly string[]): boolean {
  return operatorScopes.some((scope) => scopes.includes(scope))
}

/** The scopes that the actor can give to a key. */
export function grantableScopes(actor: Actor): readonly string[] {
  if (actor.kind === 'apiKey') return actor.scopes
  return actor.kind === 'user' && actor.operator ? apiKeyScopes : workspaceScopes
}
