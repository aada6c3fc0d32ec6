// The guarded route of guard-http, with callers known by identity's opaque session cookie instead of a signed token: looked
// up in SQLite once a second for each, remembered in between.
import { createHash } from 'node:crypto'
import { openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { systemClock as clock, createPseudonyms, createSecret, noSecurityEvents } from '@levqor/guard'
import { guardFastify } from '@levqor/guard/fastify'
import { createRevocations, createTokenKeys } from '@levqor/guard/tokens'
import { createIdentity, identitySchema } from '@levqor/identity'
import { createJobStore, jobsSchema } from '@levqor/jobs'
import { createMailer, mailSchema } from '@levqor/mail'
import {
  createIds,
  createLogger,
  databaseRevocationBus,
  databaseRevocationStore,
  serverSchema,
} from '@levqor/server'
import { fastify } from 'fastify'
import { answer, benchSecret } from '../guard-http/answer.ts'
import { createFullGuard } from '../guard-http/full-guard.ts'
import { sessionTokens } from './session-tokens.ts'

const [, , path] = process.argv
if (path === undefined) throw new Error('Name the database file.')

const ids = createIds(clock)
const schemas = [jobsSchema, mailSchema, serverSchema, identitySchema]
const database = await openDatabase({ url: `sqlite:${path}`, schemas, clock, ids })
await insertPeople()

const { guard } = createFullGuard(benchSecret())
const store = databaseRevocationStore(database)
const secret = createSecret(benchSecret(), { name: 'BENCH_SECRET' })
const identity = createIdentity({
  database,
  mailer: createMailer({ jobs: createJobStore({ database, clock, ids }), clock, ids }),
  events: noSecurityEvents,
  pseudonyms: createPseudonyms({ secret, clock }),
  revocations: createRevocations({ store, bus: databaseRevocationBus({ store }), clock }),
  attempt: guard.attempt,
  unlock: async () => undefined,
  deviceKey: Buffer.alloc(32),
  sealKey: Buffer.alloc(32),
  tokenKeys: {
    access: createTokenKeys({ algorithm: 'HS256', current: { kid: 'bench', key: secret } }),
    refresh: secret,
  },
  log: createLogger({ level: 'silent' }),
  url: 'https://app.example',
})
const app = fastify()
await app.register(guardFastify(guard, { identify: identity.identify }))
app.get('/notes', { config: { door: 'notes' } }, async () => answer)
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)

/** Each with a workspace and a session of their own. */
async function insertPeople(): Promise<void> {
  const now = clock.now()
  await asSystem(database).transaction(async (tx) => {
    for (const token of sessionTokens(benchSecret())) {
      const [user, workspace] = [ids.next(), ids.next()]
      await tx.run(
        `INSERT INTO users (id, email, status, operator, created_at, updated_at) VALUES ($1, $2, 'active', 0, $3, $3)`,
        [user, `${user}@example.com`, now],
      )
      await tx.run(`INSERT INTO workspaces (id, name, plan, created_at) VALUES ($1, 'Notes', 'pro', $2)`, [
        workspace,
        now,
      ])
      await tx.run(
        `INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)`,
        [workspace, user, now],
      )
      await tx.run(
        `INSERT INTO sessions (id, token_hash, user_id, workspace_id, method, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, 'password', $5, $5, $6)`,
        [
          ids.next(),
          createHash('sha256').update(token).digest('hex'),
          user,
          workspace,
          now,
          now + 86_400_000,
        ],
      )
    }
  })
}
