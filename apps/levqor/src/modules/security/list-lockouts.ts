// Counters of failed sign-ins, last changed first. They name nobody: their ids are keyed digests.
import { listLockouts as contract } from '@levqor/client'
import { decodeCursor, encodeCursor } from '@levqor/database'
import { defineVerb } from '../../services.ts'

export const listLockouts = defineVerb({
  name: 'security.lockouts',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:read' },
  input: contract.query,
  async run({ services }, { limit, cursor, locked }) {
    const [changedAtMs, id] = cursor === undefined ? [] : decodeCursor(cursor, ['number', 'string'])
    // The store gives at most 100 rows a call, so a full page asks once more whether there is another.
    const after = changedAtMs === undefined || id === undefined ? {} : { after: { changedAtMs, id } }
    const lockedOnly = locked === 'true'
    const rows = await services.security.lockouts.list({ limit, lockedOnly, ...after })
    const last = rows.at(-1)
    if (last === undefined || rows.length < limit) return { rows, nextCursor: undefined }
    const next = await services.security.lockouts.list({ limit: 1, lockedOnly, after: last })
    return { rows, nextCursor: next.length > 0 ? encodeCursor([last.changedAtMs, last.id]) : undefined }
  },
})
