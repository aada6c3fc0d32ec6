// Lets somebody sign in again. Recorded and done in one transaction; the record does not name the account.
import { unlock as contract } from '@levqor/client'
import { requireRecentProof } from '@levqor/identity'
import { defineVerb } from '../../services.ts'

export const unlock = defineVerb({
  name: 'security.unlock',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:write' },
  input: contract.body,
  async run(ctx, { id, account, address }) {
    const { db, actor, requestId, services, audit } = ctx
    // Whoever stole an operator's session shall not guess on. A key has nobody at a keyboard.
    if (actor.kind === 'user') await requireRecentProof(ctx)
    const operatorId = 'id' in actor ? actor.id : actor.kind
    const request =
      id === undefined
        ? { account: (account ?? '').toLowerCase(), ...(address === undefined ? {} : { address }) }
        : { id }
    const kinds = await services.security.lockouts.unlock(db, { ...request, operatorId, requestId })
    // Recorded even when nothing was locked: failures below the lock are forgotten too.
    await audit({
      action: 'lockout.unlocked',
      details: { unlocked: kinds.length > 0 },
      ...(id === undefined ? { personal: { account } } : { target: { kind: 'lockout', id } }),
    })
    return { unlocked: [...kinds] }
  },
})
