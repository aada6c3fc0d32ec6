// What has to be done now and then: seal the audit log, delete what is past its time. Each task repeats by itself.
import { type createAuditSigner, type Database, sealAudit } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { type Identity, purgeIdentity } from '@levqor/identity'
import { purgeMails } from '@levqor/mail'
import {
  databaseRefreshStore,
  databaseRevocationStore,
  type Logger,
  pruneAbuseStates,
  pruneLockouts,
  pruneReviews,
  pruneSecurityEvents,
  pruneWebhookMessages,
} from '@levqor/server'

export interface Maintenance {
  /** Lets running work end. */
  stop(): Promise<void>
}

interface Chore {
  readonly name: string
  readonly everyMs: number
  /** Returns true when there is more to do at once. */
  run(): Promise<boolean>
}

export function startMaintenance(parts: {
  readonly database: Database
  readonly identity: Pick<Identity, 'endRotatedKeys' | 'closeDueAccounts' | 'endImpersonations'>
  readonly signer: ReturnType<typeof createAuditSigner>
  readonly log: Logger
}): Maintenance {
  const { database, identity, signer, log } = parts
  const system = asSystem(database)
  const chores: readonly Chore[] = [
    // A batch is 500 rows: a full one means that more are waiting.
    {
      name: 'audit.seal',
      everyMs: 500,
      run: async () => (await sealAudit(system, signer, database.clock)) === 500,
    },
    {
      name: 'mail.purge',
      everyMs: 60_000,
      run: async () => {
        await system.transaction((tx) => purgeMails(tx, database.clock.now()))
        return false
      },
    },
    {
      name: 'identity.purge',
      everyMs: 600_000,
      run: async () => (await purgeIdentity(database)) >= 1_000,
    },
    // The end of an overlap needs no chore; what falls silent may do so to the minute.
    {
      name: 'api-keys.end-rotated',
      everyMs: 60_000,
      run: async () => (await identity.endRotatedKeys()) >= 1_000,
    },
    {
      name: 'accounts.close-due',
      everyMs: 60_000,
      run: async () => (await identity.closeDueAccounts()) === 100,
    },
    // The end itself needs no chore: here it is written down.
    {
      name: 'impersonations.end',
      everyMs: 10_000,
      run: async () => (await identity.endImpersonations()) === 100,
    },
    {
      name: 'security-events.prune',
      everyMs: 600_000,
      run: async () => (await pruneSecurityEvents(database)) === 1_000,
    },
    {
      name: 'abuse.prune',
      everyMs: 600_000,
      run: async () => (await pruneAbuseStates(database)) + (await pruneReviews(database)) >= 1_000,
    },
    {
      name: 'webhooks.prune',
      everyMs: 600_000,
      run: async () => (await pruneWebhookMessages(database)) === 1_000,
    },
    {
      name: 'refresh-tokens.prune',
      everyMs: 600_000,
      run: async () => (await databaseRefreshStore(database).prune(database.clock.now())) === 1_000,
    },
    {
      name: 'revocations.prune',
      everyMs: 600_000,
      run: async () => (await databaseRevocationStore(database).prune(database.clock.now())) === 1_000,
    },
    {
      name: 'lockouts.prune',
      everyMs: 600_000,
      run: async () => (await pruneLockouts(database)) === 1_000,
    },
  ]
  const ending = new AbortController()
  const loops = chores.map((chore) => repeat(chore, ending.signal, log))
  return {
    async stop() {
      ending.abort()
      await Promise.all(loops)
    },
  }
}

async function repeat({ name, everyMs, run }: Chore, signal: AbortSignal, log: Logger): Promise<void> {
  let failing = false
  while (!signal.aborted) {
    let more = false
    try {
      more = await run()
      if (failing) log.info({ chore: name }, 'A chore works again.')
      failing = false
    } catch (error) {
      // Once per outage: the readiness check tells of it all the time.
      if (!failing) log.error({ chore: name, err: error }, 'A chore failed; it will be tried again.')
      failing = true
    }
    if (!more) await pause(everyMs, signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
}
