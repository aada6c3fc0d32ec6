// The table of processed webhooks. A row says that a message was seen, and nothing about what was in it.
import type { TableDeclaration } from '@levqor/database'

const table = (integer: string, strict: string) => `
CREATE TABLE webhook_messages (
  id TEXT PRIMARY KEY,
  claim TEXT,
  forget_at ${integer} NOT NULL
)${strict};
CREATE INDEX webhook_messages_forget ON webhook_messages (forget_at);
`

/** Body of a migration and its part of the data map. */
export const webhookTables = {
  sqlite: table('INTEGER', ' STRICT'),
  postgres: table('BIGINT', ''),
  dataMap: {
    webhook_messages: {
      tenancy: 'global',
      about:
        'Digests of webhooks that were or are being processed (claim: by whom), so that none is processed twice.',
      personal: {},
      retention: 'as long as the webhook policy remembers messages: at most 7 days by default',
      export: 'none',
      erase: { keep: 'digests of messages, without a reference to anybody' },
    },
  },
} as const satisfies {
  readonly sqlite: string
  readonly postgres: string
  readonly dataMap: Readonly<Record<string, TableDeclaration>>
}
