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
      last_login_address: { kind: 'pseudonym of a network address', ...security },
      last_login_device: { kind: 'browser and system', ...security },
      locale: {
        kind: 'language',
        purpose: 'showing dates and words as the person reads them',
        basis: 'contract',
      },
      currency: { kind: 'currency', purpose: 'showing amounts as the person reads them', basis: 'contract' },
      password_hash: { kind: 'digest of a password', ...signIn },
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
    about: 'One row per signed-in browser or program; the cookie is kept as a digest, tokens not at all.',
    personal: {
      user_id: { kind: 'account reference', ...signIn },
      device: { kind: 'browser and system', ...security },
      name: { kind: 'name of a device, chosen by the person', ...security },
      network: { kind: 'pseudonym of a network address', ...security },
      impersonator_id: { kind: 'account reference', purpose: 'accountability', basis: 'legitimate interest' },
      impersonator_session_id: {
        kind: 'session reference',
        purpose: 'accountability',
        basis: 'legitimate interest',
      },
      impersonation_reason: {
        kind: 'words of an operator about a person',
        purpose: 'accountability',
        basis: 'legitimate interest',
      },
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
      allowed_addresses: { kind: 'network address', purpose: 'refusing stolen keys', basis: 'contract' },
    },
    retention: 'as long as the workspace; revoked keys stay visible',
    export: 'workspace',
    erase: 'anonymise',
  },
  one_time_tokens: {
    tenancy: 'global',
    about: 'What was mailed or shown once to prove one thing; the token is kept as a digest.',
    personal: {
      email: { kind: 'e-mail address', ...signIn },
      user_id: { kind: 'account reference', ...signIn },
    },
    retention: '24 hours after expiry',
    export: 'none',
    erase: 'delete',
  },
  external_identities: {
    tenancy: 'global',
    about: 'Accounts at other providers with which people sign in.',
    personal: {
      user_id: { kind: 'account reference', ...signIn },
      subject: { kind: 'account at a provider', ...signIn },
      email: { kind: 'e-mail address', ...signIn },
    },
    retention: 'as long as the account',
    export: 'subject',
    erase: 'delete',
  },
  passkeys: {
    tenancy: 'global',
    about: 'Public keys with which people sign in.',
    personal: {
      user_id: { kind: 'account reference', ...signIn },
      name: { kind: 'name of a device, chosen by the person', ...signIn },
    },
    retention: 'as long as the account',
    export: 'subject',
    erase: 'delete',
  },
  totp_secrets: {
    tenancy: 'global',
    about: 'Secrets of authenticator apps, sealed.',
    personal: { user_id: { kind: 'account reference', ...signIn } },
    retention: 'as long as the account',
    export: 'none',
    erase: 'delete',
  },
  recovery_codes: {
    tenancy: 'global',
    about: 'Codes for the day the phone is lost; kept as digests.',
    personal: { user_id: { kind: 'account reference', ...signIn } },
    retention: 'as long as the account',
    export: 'none',
    erase: 'delete',
  },
  invitations: {
    tenancy: 'tenant',
    about: 'Who was asked into a workspace; the token is kept as a digest.',
    personal: {
      email: {
        kind: 'e-mail address',
        purpose: 'asking somebody into a workspace',
        basis: 'legitimate interest',
      },
      invited_by: { kind: 'account reference', purpose: 'accountability', basis: 'legitimate interest' },
      accepted_by: { kind: 'account reference', purpose: 'accountability', basis: 'legitimate interest' },
    },
    retention: '30 days after expiry',
    export: 'workspace',
    erase: 'delete',
  },
}
