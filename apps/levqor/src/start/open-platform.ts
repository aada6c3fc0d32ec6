// Puts the packages together: everything that the API and the workers of one process share.
import { type Database, openDatabase } from '@levqor/database'
import { asWorkspaceTransaction } from '@levqor/database/system'
import {
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecurityEvents,
  type Guard,
  type SecurityEvents,
  stdoutSink,
  systemClock,
} from '@levqor/guard'
import { createEgress } from '@levqor/guard/egress'
import { createIdentity, type Identity } from '@levqor/identity'
import { createJobStore } from '@levqor/jobs'
import { createMailer } from '@levqor/mail'
import { type Config, createIds, databaseEventSink, type Logger } from '@levqor/server'
import {
  callbackFollowUps,
  createPayloadChecker,
  createSandbox,
  installShippedWorkflows,
} from '@levqor/workflows'
import { presentStatus } from '../modules/jobs/present-job.ts'
import type { LevqorServices } from '../services.ts'
import { webhookSecretOf } from './derive-secrets.ts'
import { levqorPolicy } from './policy.ts'
import { levqorSchemas } from './schemas.ts'

export interface Platform {
  readonly config: Config
  readonly database: Database
  readonly guard: Guard
  readonly events: SecurityEvents
  readonly identity: Identity
  readonly services: LevqorServices
  close(): Promise<void>
}

/** @throws DatabaseError when the database cannot be opened or migrated */
export async function openPlatform(config: Config, log: Logger): Promise<Platform> {
  const clock = systemClock
  const ids = createIds(clock)
  const database = await openDatabase({ ...config.database, schemas: levqorSchemas, clock, ids })
  const events = createSecurityEvents({
    sinks: [stdoutSink(), databaseEventSink(database)],
    clock,
    pseudonyms: createPseudonyms({ secret: config.secret, clock }),
  })
  const guard = createGuard({
    policy: levqorPolicy(config),
    store: createMemoryLimitStore({ clock }),
    events,
    clock,
    switches: { mode: (protection) => modeOf(config, protection) },
  })
  const sandbox = createSandbox()
  const egress = createEgress({ allow: config.egressAllow, events })
  const jobs = createJobStore({
    database,
    clock,
    ids,
    followUps: callbackFollowUps({ present: presentStatus }),
  })
  const mailer = createMailer({ jobs, clock, ids })
  const identity = createIdentity({
    database,
    mailer,
    events,
    log,
    url: config.url,
    async furnishWorkspace(tx, workspaceId) {
      await installShippedWorkflows(asWorkspaceTransaction(tx, workspaceId), { clock, ids })
    },
  })
  return {
    config,
    database,
    guard,
    events,
    identity,
    services: {
      jobs,
      sandbox,
      egress,
      mailer,
      ...identity.services,
      checkPayload: createPayloadChecker(sandbox),
      webhookSecret: (workspaceId) => webhookSecretOf(config.secret, workspaceId),
    },
    async close() {
      await identity.stop()
      await sandbox.close()
      await events.flush(2_000)
      await database.close()
    },
  }
}

function modeOf({ switches }: Config, protection: string) {
  return Object.hasOwn(switches, protection)
    ? switches[protection as keyof typeof switches]
    : ('enforce' as const)
}
