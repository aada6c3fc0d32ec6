// The outbox: one row per mail from the moment it is accepted until its retention ends.
import type { Migration, PackageSchema, PersonalColumn } from '@levqor/database'

const script = (text: string, integer: string, options: string) => `
CREATE TABLE mail_outbox (
  mail_id ${text} NOT NULL PRIMARY KEY,
  workspace_id ${text} NOT NULL,
  job_id ${text},
  dedupe_key ${text},
  state ${text} NOT NULL CHECK (state IN ('waiting', 'sent', 'kept')),
  recipient ${text} NOT NULL,
  template ${text} NOT NULL,
  subject ${text} NOT NULL,
  body_text ${text},
  body_html ${text},
  last_error ${text},
  request_id ${text},
  created_at ${integer} NOT NULL,
  finished_at ${integer},
  keep_until ${integer} NOT NULL
) ${options};
CREATE UNIQUE INDEX mail_outbox_dedupe ON mail_outbox (workspace_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX mail_outbox_list ON mail_outbox (workspace_id, mail_id);
CREATE INDEX mail_outbox_retention ON mail_outbox (keep_until);
`

const migration0001: Migration = {
  number: 1,
  name: 'outbox',
  sqlite: script('TEXT', 'INTEGER', 'STRICT'),
  postgres: script('TEXT COLLATE "C"', 'BIGINT', ''),
}

const content: PersonalColumn = {
  kind: 'what the mail says, sign-in links included',
  purpose: 'delivering the mail',
  basis: 'contract',
}

/** Pass it to `openDatabase({ schemas: [jobsSchema, mailSchema, …] })`. */
export const mailSchema: PackageSchema = {
  name: 'mail',
  migrations: [migration0001],
  dataMap: {
    mail_outbox: {
      tenancy: 'tenant',
      about: 'Mail on its way, mail kept for reading where no mail server is set, and a trace of sent mail.',
      personal: {
        recipient: { kind: 'e-mail address', purpose: 'delivering the mail', basis: 'contract' },
        subject: content,
        body_text: content,
        body_html: content,
      },
      retention:
        'the row 7 days, or until its link expires if that is sooner; the body is erased as soon as a server has accepted it',
      export: 'workspace',
      erase: 'delete',
    },
  },
}
