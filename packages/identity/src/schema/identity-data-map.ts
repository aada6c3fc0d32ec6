// What the tables of identity hold about people, why, for how long, and what happens to it on erasure.
import type { DataMap } from '@levqor/database'

const signIn = { purpose: 'signing in', basis: 'contract' } as const
const security = { purpose: 'recognising foreign sign-ins', basis: 'legitimate interest' } as const

export const identityDataMap: DataMap = {
  users: {
    tenancy: 'global',
    about: 'People who may sign in.',
    personal: {
      email: { kind: 'e-mail address', ...signIn },
      name: { kind: 'name', purpose: 'showing who did what', basis: 'contract' },
      last_login_at: { kind: 'time of the last sign-in', ...security },
    },
    retention: 'as long as the account',
    export: 'subject',
    erase: 'delete',
  },
  workspaces: {
    tenancy: 'global',
    about: 'The tenants. Their name is chosen by their owner.',
    personal: {},
    retention: 'as long as the workspace',
    export: 'workspace',
    erase: { keep: 'belongs to all members; deleted with the workspace' },
  },
  memberships: {
    tenancy: 'tenant',
    about: 'Who belongs to which workspace, and in which role.',
    personal: {
      user_id: { kind: 'account reference', purpose: 'deciding who may do what', basis: 'contract' },
    },
    retention: 'as long as the membership',
    export: 'subject',
    erase: 'delete',
  },
  sessions: {
    tenancy: 'global',
    about: 'One row per signed-in browser; the cookie is kept as a digest.',
    personal: {
      user_id: { kind: 'account reference', ...signIn },
      device: { kind: 'browser and system', ...security },
      last_seen_at: { kind: 'time of last use', ...security },
    },
    retention: '30 days after its end',
    export: 'subject',
    erase: 'delete',
  },
  magic_links: {
    tenancy: 'global',
    about: 'Sign-in links that were asked for; token and code are kept as digests.',
    personal: { email: { kind: 'e-mail address', ...signIn } },
    retention: '24 hours after expiry',
    export: 'subject',
    erase: 'delete',
  },
  api_keys: {
    tenancy: 'tenant',
    about: 'Keys of programs; the key itself is kept as a digest.',
    personal: {
      created_by: { kind: 'account reference', purpose: 'accountability', basis: 'legitimate interest' },
    },
    retention: 'as long as the workspace; revoked keys stay visible',
    export: 'workspace',
    erase: 'anonymise',
  },
}
