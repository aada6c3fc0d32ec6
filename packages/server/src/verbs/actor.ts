// Who is acting. Every verb receives one, every audit row names one.

/** Roles in a workspace, weakest first. */
export const workspaceRoles = ['viewer', 'member', 'admin', 'owner'] as const
export type WorkspaceRole = (typeof workspaceRoles)[number]

/** A person with a session, acting in one workspace. */
export interface UserActor {
  readonly kind: 'user'
  readonly id: string
  readonly sessionId: string
  readonly workspaceId: string
  readonly role: WorkspaceRole
  /** Runs this installation. */
  readonly operator: boolean
  /** The operator who acts as this person: what happens is that operator's doing. */
  readonly impersonatedBy?: string
}

/** A program with an API key, acting in the key's workspace within the key's scopes. */
export interface ApiKeyActor {
  readonly kind: 'apiKey'
  readonly id: string
  readonly workspaceId: string
  readonly scopes: readonly string[]
  /** Made by an operator who still is one, with operators' scopes. */
  readonly operator: boolean
}

/** Levqor itself: a task, a maintenance command, the first start. */
export interface SystemActor {
  readonly kind: 'system'
  /** Which part of it: `first-run`, `command-line`, a task's name. */
  readonly id: string
  readonly workspaceId?: string
}

/** A stranger, at the doors that admit strangers. */
export interface AnonymousActor {
  readonly kind: 'anonymous'
}

export type Actor = UserActor | ApiKeyActor | SystemActor | AnonymousActor

export const anonymous: AnonymousActor = { kind: 'anonymous' }

/** The workspace an actor acts in, if any. */
export function workspaceOf(actor: Actor): string | undefined {
  return actor.kind === 'anonymous' ? undefined : actor.workspaceId
}

/** How an audit row names the actor: whoever really acts. {@link auditDetails} names whom they act for. */
export function auditActor(actor: Actor): { kind: string; id?: string } {
  if (actor.kind === 'anonymous') return { kind: actor.kind }
  if (actor.kind === 'user' && actor.impersonatedBy !== undefined) {
    return { kind: 'impersonation', id: actor.impersonatedBy }
  }
  return { kind: actor.kind, id: actor.id }
}

/** What an audit row adds to its details because of who acts. */
export function auditDetails(actor: Actor): Readonly<Record<string, string>> {
  return actor.kind === 'user' && actor.impersonatedBy !== undefined ? { acting_as: actor.id } : {}
}
