// The lockout around every secret of this installation, kept in its database so that a restart forgives nobody.
import type { Database, SystemTransaction } from '@levqor/database'
import { createPseudonyms, type SecurityEvents } from '@levqor/guard'
import { createLockout, type LockoutService } from '@levqor/guard/lockout'
import { levqorLockout } from '@levqor/guard/presets'
import { type Config, databaseLockoutStore } from '@levqor/server'
import type { LevqorServices } from '../services.ts'
import { addressKeyOf } from './policy.ts'

export interface OpenLockout {
  readonly lockout: LockoutService
  readonly operators: LevqorServices['security']['lockouts']
  readonly unlockOwner: LevqorServices['identity']['unlock']
}

export function openLockout(parts: {
  readonly config: Config
  readonly database: Database
  readonly events: SecurityEvents
}): OpenLockout {
  const { config, database, events } = parts
  const { clock } = database
  const pseudonyms = createPseudonyms({ secret: config.secret, clock })
  const common = { policy: levqorLockout, secret: config.secret, events, pseudonyms, clock }
  const lockout = createLockout({ ...common, store: databaseLockoutStore(database) })
  const within = (tx: SystemTransaction) =>
    createLockout({
      ...common,
      // Told once it is true: the transaction may still be rolled back.
      events: { ...events, emit: (event) => tx.afterCommit(() => events.emit(event)) },
      store: databaseLockoutStore(database, tx),
    })
  return {
    lockout,
    operators: {
      list: lockout.list,
      unlock(tx, order) {
        if ('id' in order) return within(tx).unlock(order)
        const { account, address, requestId, operatorId } = order
        const owner = address === undefined ? { account } : { account, address: addressKeyOf(address) }
        return within(tx).unlock({ ...owner, operatorId, requestId })
      },
    },
    unlockOwner: (tx, { addressKey, ...owner }) => within(tx).unlock({ ...owner, address: addressKey }),
  }
}
