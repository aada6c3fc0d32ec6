// Who calls, as verbs go on with them.
import { type Actor, serviceError, type UserActor } from '@levqor/server'
import type { CachedCredential } from './authentication/credential-cache.ts'

/**
 * For verbs that admit people alone: their `access` has seen to it, and here the compiler learns of it.
 * @throws ServiceError `credential_unsuitable`
 */
export function requireUser(actor: Actor): asserts actor is UserActor {
  if (actor.kind !== 'user') throw serviceError('credential_unsuitable')
}

/** As security events name the caller; undefined for a stranger. An operator who acts for somebody is the operator. */
export function actorIdOf(actor: Actor): string | undefined {
  if (actor.kind === 'user') return actor.impersonatedBy ?? actor.id
  return actor.kind === 'anonymous' ? undefined : actor.id
}

/** Whose session was found; undefined when it is nobody's. */
export function userOf({ result }: CachedCredential): UserActor | undefined {
  if (result.outcome !== 'identified') return undefined
  // The guard keeps it for us: filled by `identified` in find-credential.ts.
  const actor = result.actor.details as Actor
  return actor.kind === 'user' ? actor : undefined
}
