// The table of lockout counters. It names nobody: a row's id is a keyed digest of an account or an address.
import type { TableDeclaration } from '@levqor/database'

const table = (integer: string, json: string, strict: string) => `
CREATE TABLE lockout_counters (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state ${json} NOT NULL,
  locked_until ${integer} NOT NULL,
  changed_at ${integer} NOT NULL,
  forget_at ${integer} NOT NULL
)${strict};
CREATE INDEX lockout_counters_changed ON lockout_counters (changed_at, id);
CREATE INDEX lockout_counters_locked ON lockout_counters (locked_until);
CREATE INDEX lockout_counters_forget ON lockout_counters (forget_at);
`

/** Body of a migration and its part of the data map. */
export const lockoutTables = {
  sqlite: table('INTEGER', 'TEXT', ' STRICT'),
  postgres: table('BIGINT', 'JSONB', ''),
  dataMap: {
    lockout_counters: {
      tenancy: 'global',
      about:
        'Failed attempts to sign in, counted per account, device and address, and the locks they led to.',
      personal: {
        id: {
          kind: 'keyed digest of an account name, a device or a network address',
          purpose: 'refusing guesses of secrets',
          basis: 'legitimate interest',
        },
      },
      retention: 'while its failures count or its lock holds, and one day after the last lock',
      export: 'none',
      erase: { keep: 'pseudonymous, needed to refuse guesses, and deleted a day after the last lock' },
    },
  },
} as const satisfies {
  readonly sqlite: string
  readonly postgres: string
  readonly dataMap: Readonly<Record<string, TableDeclaration>>
}
