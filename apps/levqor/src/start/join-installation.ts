// This process among the others of its installation. Several that serve the API must count limits together.
import type { Database } from '@levqor/database'
import {
  type Config,
  configError,
  type Logger,
  type RegisteredProcess,
  registerProcess,
} from '@levqor/server'

/**
 * Registers this process.
 * @throws ConfigError in production, when it would count limits in its own memory beside another process of the API
 */
export async function joinInstallation(
  config: Config,
  database: Database,
  log: Logger,
): Promise<RegisteredProcess> {
  const limits = config.redisUrl === undefined ? 'memory' : 'redis'
  const registration = await registerProcess({ database, roles: config.roles, limits, log })
  if (!config.roles.has('api')) return registration
  const others = (await registration.others()).filter(({ roles }) => roles.includes('api'))
  if (others.every((other) => other.limits === 'redis' && limits === 'redis')) return registration
  const message =
    'Another process serves the API of this database: in memory, each would count limits for itself.'
  if (config.mode === 'development') {
    log.warn(`${message} Set REDIS_URL in all of them.`)
    return registration
  }
  await registration.stop()
  const mend = 'Give all of them the same redis:// address, or stop the other process first.'
  throw configError([{ variable: 'REDIS_URL', message, mend }])
}
