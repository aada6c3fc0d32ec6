// Who may use a verb: stated on the verb, checked here and nowhere else. Pure.
import type { ErrorCode } from '../errors/catalogue.ts'
import { type Actor, type WorkspaceRole, workspaceRoles } from './actor.ts'

/** `operator` admits users and keys of operators, whatever their role in the workspace. */
export type AdmittedActor = Actor['kind'] | 'operator'

export interface Access {
  readonly actors: readonly AdmittedActor[]
  /** Least role of a user. Needed wherever users are admitted. */
  readonly role?: WorkspaceRole
  /** Scope of a key. Needed wherever keys are admitted. */
  readonly scope?: string
  /**
   * Whether an operator who acts as somebody may use it. Left out: they may look and change nothing, so a new verb that
   * changes something is refused until somebody has decided.
   */
  readonly impersonated?: 'allowed' | 'refused'
}

/** Why the actor may not, or undefined when they may. */
export function refusal(
  access: Access,
  actor: Actor,
  kind: 'read' | 'write' = 'write',
): ErrorCode | undefined {
  if (actor.kind === 'user' && actor.impersonatedBy !== undefined) {
    const rule = access.impersonated ?? (kind === 'read' ? 'allowed' : 'refused')
    if (rule === 'refused') return 'not_while_impersonating'
  }
  const asOperator = access.actors.includes('operator') && 'operator' in actor && actor.operator
  if (!access.actors.includes(actor.kind) && !asOperator) {
    if (actor.kind === 'anonymous') return 'credential_missing'
    return access.actors.includes('operator') && 'operator' in actor
      ? 'operator_required'
      : 'credential_unsuitable'
  }
  if (actor.kind === 'apiKey' && access.scope !== undefined && !actor.scopes.includes(access.scope)) {
    return 'scope_missing'
  }
  if (actor.kind === 'user' && !asOperator && access.role !== undefined) {
    return workspaceRoles.indexOf(actor.role) < workspaceRoles.indexOf(access.role) ? 'forbidden' : undefined
  }
  return undefined
}

/** What is missing from a declaration; an empty list means it is whole. */
export function accessGaps(access: Access): string[] {
  const gaps: string[] = []
  if (access.actors.length === 0) gaps.push('name at least one kind of actor')
  if (access.actors.includes('user') && access.role === undefined) gaps.push('users need a least role')
  const keys = access.actors.includes('apiKey') || access.actors.includes('operator')
  if (keys && access.scope === undefined) gaps.push('keys need a scope')
  return gaps
}
