// Telling every process that a credential has ended. The rows are the truth and have been written; this only makes
// caches and open streams hear of it before they would ask again.
import type { Clock } from '@levqor/guard'
import type { RevocationKind, Revocations } from '@levqor/guard/tokens'
import type { Logger } from '@levqor/server'
import type { CredentialRevocation } from '../services.ts'
import type { CredentialCache } from './credential-cache.ts'

// Far longer than any cache believes a credential without asking the database.
const rememberMs = 60_000

export interface EndCredential extends CredentialRevocation {
  /** Resolves when what was said has been stored. */
  settled(): Promise<void>
}

export function createEndCredential(parts: {
  readonly revocations: Pick<Revocations, 'revoke'>
  readonly forget: CredentialCache['forget']
  readonly forgetAll: CredentialCache['forgetAll']
  readonly clock: Clock
  readonly log: Logger
}): EndCredential {
  const { revocations, forget, forgetAll, clock, log } = parts
  const pending = new Set<Promise<void>>()

  function end(kind: RevocationKind, id: string, cause: string): void {
    const said = revocations
      .revoke({ kind, id, cause, forgetAtMs: clock.now() + rememberMs })
      .catch((error: unknown) => {
        log.error({ err: error, kind, id }, 'Other processes learn of an ended credential from its row only.')
      })
      .finally(() => pending.delete(said))
    pending.add(said)
  }

  return {
    endApiKey(id, cause) {
      forget('apiKey', id)
      end('key', id, cause)
    },
    reloadApiKey(id) {
      forget('apiKey', id)
    },
    endSession(id, cause) {
      forget('session', id)
      end('session', id, cause)
    },
    changeRights(userId, cause) {
      // Rare, and a second's worth of look-ups: cheaper than an index of sessions by person in the cache.
      forgetAll()
      // Of a person, because a session ends once and rights change again and again. It ends no row: streams are cut
      // and come back with the new rights.
      end('user', userId, cause)
    },
    async settled() {
      await Promise.all(pending)
    },
  }
}
