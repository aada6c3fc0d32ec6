// The tables of abuse rules: what accounts showed of their devices, how many sign-ups came from where, what waits for
// a person. States are under keyed digests; a review names the application's own id of what is held.
import type { PersonalColumn, TableDeclaration } from '@levqor/database'

const stateTable = (name: string, integer: string, json: string, strict: string) => `
CREATE TABLE ${name} (
  id TEXT PRIMARY KEY,
  state ${json} NOT NULL,
  changed_at ${integer} NOT NULL,
  forget_at ${integer} NOT NULL
)${strict};
CREATE INDEX ${name}_forget ON ${name} (forget_at);
`

const tables = (integer: string, json: string, strict: string) => `
${stateTable('device_bindings', integer, json, strict)}
${stateTable('sign_up_counts', integer, json, strict)}
CREATE TABLE abuse_reviews (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  reasons ${json} NOT NULL,
  facts ${json} NOT NULL,
  status TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  decided_at ${integer},
  decided_by TEXT
)${strict};
CREATE INDEX abuse_reviews_created ON abuse_reviews (created_at, id);
CREATE INDEX abuse_reviews_status ON abuse_reviews (status, created_at);
`

const personal = (kind: string): PersonalColumn => ({
  kind,
  purpose: 'detecting shared accounts and fraudulent sign-ups',
  basis: 'legitimate interest',
})

/** Body of a migration and its part of the data map. */
export const abuseTables = {
  sqlite: tables('INTEGER', 'TEXT', ' STRICT'),
  postgres: tables('BIGINT', 'JSONB', ''),
  dataMap: {
    device_bindings: {
      tenancy: 'global',
      about: 'Devices and networks that an account was seen on, as keyed digests.',
      personal: {
        id: personal('keyed digest of an account reference'),
        state: personal('keyed digests of request traits and networks, with the time they were last seen'),
      },
      retention: '30 days after the account was last seen, or as the policy says',
      export: 'none',
      erase: { keep: 'pseudonymous; deleted 30 days after the account was last seen' },
    },
    sign_up_counts: {
      tenancy: 'global',
      about: 'When sign-ups came from one address, or with one referral code from one network.',
      personal: { id: personal('keyed digest of a network address or of a referral code and a network') },
      retention: 'one day after the last sign-up, or as the policy says',
      export: 'none',
      erase: { keep: 'pseudonymous; deleted a day after the last sign-up' },
    },
    abuse_reviews: {
      tenancy: 'global',
      about: 'Sign-ups and devices that wait for a person’s decision, and the decisions.',
      personal: {
        subject: personal('account or sign-up reference'),
        facts: personal('number of a network'),
        decided_by: personal('account reference of an operator'),
      },
      retention: 'while it waits, and 90 days after the decision',
      export: 'subject',
      erase: 'delete',
    },
  },
} as const satisfies {
  readonly sqlite: string
  readonly postgres: string
  readonly dataMap: Readonly<Record<string, TableDeclaration>>
}
