// Puts the packages together: everything that the API and the workers of one process share.
import { type Database, openDatabase } from '@levqor/database'
import { asWorkspaceTransaction } from '@levqor/database/system'
import {
  createGuard,
  createPseudonyms,
  createSecurityEvents,
  type Guard,
  type SecurityEvents,
  type Switches,
  stdoutSink,
  systemClock,
} from '@levqor/guard'
import { createAnomalyWatch } from '@levqor/guard/abuse'
import { createEgress } from '@levqor/guard/egress'
import { levqorAnomalies } from '@levqor/guard/presets'
import type { Revocations } from '@levqor/guard/tokens'
import { createIdentity, type Identity } from '@levqor/identity'
import { createJobStore } from '@levqor/jobs'
import { createMailer } from '@levqor/mail'
import {
  type Config,
  connectRedis,
  createIds,
  databaseEventSink,
  type Logger,
  type RedisConnection,
} from '@levqor/server'
import {
  callbackFollowUps,
  createPayloadChecker,
  createSandbox,
  installShippedWorkflows,
} from '@levqor/workflows'
import { presentStatus } from '../modules/jobs/present-job.ts'
import type { LevqorServices } from '../services.ts'
import { deriveKey, tokenKeysOf, webhookSecretOf } from './derive-secrets.ts'
import { openLockout } from './open-lockout.ts'
import { openLimitStore, openRevocations } from './open-shared-state.ts'
import { levqorPolicy } from './policy.ts'
import { levqorSchemas } from './schemas.ts'
import { modeOf, securityState } from './security-state.ts'

export interface Platform {
  readonly config: Config
  readonly database: Database
  readonly guard: Guard
  readonly events: SecurityEvents
  readonly identity: Identity
  readonly revocations: Revocations
  readonly redis: RedisConnection | undefined
  readonly services: LevqorServices
  close(): Promise<void>
}

/** @throws DatabaseError when the database cannot be opened or migrated */
export async function openPlatform(config: Config, log: Logger): Promise<Platform> {
  const clock = systemClock
  const ids = createIds(clock)
  const database = await openDatabase({ ...config.database, schemas: levqorSchemas, clock, ids })
  const pseudonyms = createPseudonyms({ secret: config.secret, clock })
  const switches: Switches = { mode: (protection) => modeOf(config, protection) }
  const anomalies = createAnomalyWatch({
    rules: levqorAnomalies,
    emit: (hint) => events.emit(hint),
    switches,
  })
  const events: SecurityEvents = createSecurityEvents({
    sinks: [stdoutSink(), databaseEventSink(database), anomalies],
    clock,
    pseudonyms,
  })
  const redis = config.redisUrl === undefined ? undefined : await connectRedis(config.redisUrl, log)
  const revocations = openRevocations({ database, events, redis })
  const { lockout, operators, unlockOwner } = openLockout({ config, database, events })
  const guard = createGuard({
    policy: levqorPolicy(config),
    store: openLimitStore(clock, redis),
    events,
    clock,
    lockout,
    switches,
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
    pseudonyms,
    revocations,
    attempt: guard.attempt,
    unlock: unlockOwner,
    deviceKey: deriveKey(config.secret, 'known devices'),
    sealKey: deriveKey(config.secret, 'sealed secrets of accounts'),
    tokenKeys: tokenKeysOf(config.secret),
    log,
    url: config.url,
    policy: {
      registration: config.registration,
      mail: config.mail.smtpUrl === undefined ? 'outbox' : 'server',
    },
    providers: config.providers,
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
    revocations,
    redis,
    services: {
      jobs,
      sandbox,
      egress,
      security: { state: () => securityState({ config, events, guard, pseudonyms }), lockouts: operators },
      mailer,
      ...identity.services,
      checkPayload: createPayloadChecker(sandbox),
      webhookSecret: (workspaceId) => webhookSecretOf(config.secret, workspaceId),
    },
    async close() {
      await identity.stop()
      await revocations.stop()
      await sandbox.close()
      await events.flush(2_000)
      await redis?.close()
      await database.close()
    },
  }
}
