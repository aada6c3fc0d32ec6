// One process of Levqor with the roles it was given, from opening the database to a clean stop.
import {
  type Config,
  createHttpServer,
  databaseCheck,
  diskCheck,
  type HttpServer,
  type Logger,
  type ReadinessCheck,
} from '@levqor/server'
import { version } from '../version.ts'
import { auditSigner } from './audit-signer.ts'
import { buildWebIfNeeded } from './build-web.ts'
import { type FirstRunOutcome, runFirst } from './first-run.ts'
import { joinInstallation } from './join-installation.ts'
import { type Maintenance, startMaintenance } from './maintenance.ts'
import { openPlatform, type Platform } from './open-platform.ts'
import { openWeb, type WebApp } from './open-web.ts'
import { levqorRoutes } from './routes.ts'
import { startWorkers } from './start-workers.ts'

export interface RunningServer {
  readonly firstRun: FirstRunOutcome
  readonly port: number | undefined
  /** Stops accepting, finishes or hands back, closes. */
  stop(): Promise<void>
}

/** @param tell progress of long work, for a person */
export async function startServer(
  config: Config,
  log: Logger,
  tell: (text: string) => void,
): Promise<RunningServer> {
  const { roles } = config
  const servesHttp = roles.has('api') || roles.has('web')
  const platform = await openPlatform(config, log)
  const started: { stop(): Promise<void> }[] = []
  let isComplete = false
  try {
    if (servesHttp) await platform.guard.ready()
    started.push(await joinInstallation(config, platform.database, log))
    if (roles.has('web')) await buildWebIfNeeded(tell)
    const web = roles.has('web') ? await openWeb(config.host, config.port) : undefined
    if (web) started.push({ stop: () => web.close() })
    const server = servesHttp ? await serve(platform, log, web, () => isComplete) : undefined
    // Before anything is made: a taken port must not leave half a first run behind.
    const port = await server?.listen({ host: config.host, port: config.port })
    if (server) started.push({ stop: () => server.stop(config.stopTimeoutMs) })
    const firstRun = await runFirst(platform, log)
    if (roles.has('worker')) {
      const { services, database } = platform
      started.push(startWorkers({ ...services, config, database, log }))
    }
    if (roles.has('scheduler')) started.push(maintain(platform, log))
    isComplete = true
    return {
      firstRun,
      port,
      async stop() {
        // All at once, so that one time limit covers all: what a request in flight still enqueues is kept in any case.
        await Promise.all(started.map((part) => part.stop()))
        await platform.close()
      },
    }
  } catch (error) {
    await Promise.allSettled(started.map((part) => part.stop()))
    await platform.close()
    throw error
  }
}

/**
 * The HTTP server of a platform, not listening yet.
 * @param isComplete false while the process is still starting: it listens, but is not ready
 */
export function serve(
  platform: Platform,
  log: Logger,
  pages?: WebApp,
  isComplete: () => boolean = () => true,
): Promise<HttpServer> {
  const { config, database, guard, identity, redis, revocations, services } = platform
  return createHttpServer({
    guard,
    identify: identity.identify,
    revocations,
    runtime: { database, clock: database.clock, ids: database.ids, services },
    routes: config.roles.has('api') ? levqorRoutes : [],
    log,
    checks: [
      startCheck(isComplete),
      databaseCheck(database),
      diskCheck(config.dataDir),
      ...(redis ? [redis.check] : []),
    ],
    doors: { health: 'health', docs: 'public.page', reports: 'reports' },
    api: { title: 'Levqor', version, url: config.url },
    checkAnswers: config.checkAnswers,
    ...(pages ? { pages } : {}),
  })
}

function maintain({ config, database, identity }: Platform, log: Logger): Maintenance {
  return startMaintenance({ database, identity, signer: auditSigner(config), log })
}

function startCheck(isComplete: () => boolean): ReadinessCheck {
  return {
    name: 'start',
    check: async () => {
      if (!isComplete()) throw new Error('The process is still starting.')
    },
  }
}
