// Between the two views of a caller: the guard counts and compares, verbs want to know who it is.
import type { Actor as GuardActor, IdentifyResult } from '@levqor/guard'
import type { ApiKeyActor, UserActor } from '../verbs/actor.ts'

/** Where a token stood: in the Authorization field, or in a cookie that comes along by itself. */
export type CredentialPlace = NonNullable<GuardActor['by']>

/**
 * What an `identify` answers for a known caller. Make it once per credential and keep it: it is read per request.
 * @param plan chooses the guard's quotas
 * @param by for a person's access token
 */
export function identified(
  actor: UserActor | ApiKeyActor,
  plan?: string,
  by?: CredentialPlace,
): IdentifyResult {
  const common = {
    kind: actor.kind,
    id: actor.id,
    workspaceId: actor.workspaceId,
    details: actor,
    ...(plan === undefined ? {} : { plan }),
  }
  const guarded: GuardActor =
    actor.kind === 'apiKey'
      ? { ...common, via: 'key', keyId: actor.id, scopes: actor.scopes }
      : {
          ...common,
          ...(by === undefined ? { via: 'session' } : { via: 'token', by }),
          accountId: actor.id,
          sessionId: actor.sessionId,
        }
  return { outcome: 'identified', actor: guarded }
}
