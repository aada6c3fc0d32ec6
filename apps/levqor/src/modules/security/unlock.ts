// Lets somebody sign in again. Recorded and done in one transaction; the record does not name the account.
import { unlock as contract } from '@levqor/client'
import { defineVerb } from '../../services.ts'

export const unlock = defineVerb({
  name: 'security.unlock',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:write' },
  input: contract.body,
  async run({ db, actor, requestId, services, audit }, { id, account, address }) {
    const operatorId = 'id' in actor ? actor.id : actor.kind
    const request =
      id === undefined
        ? { account: (account ?? '').toLowerCase(), ...(address === undefined ? {} : { address }) }
        : { id }
    const unlocked = await services.security.lockouts.unlock(db, { ...request, operatorId, requestId })
    // Recorded even when nothing was locked: failures below the lock are forgotten too.
    await audit({
      action: 'lockout.unlocked',
      details: { unlocked },
      ...(id === undefined ? { personal: { account } } : { target: { kind: 'lockout', id } }),
    })
    return { unlocked }
  },
})
