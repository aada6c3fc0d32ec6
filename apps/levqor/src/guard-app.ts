// What `guard explain`, `guard doctor` and `guard headers` read of Levqor: its policy with every route, and the facts
// that no policy knows. `npx guard explain GET /api/v1/jobs --app apps/levqor/src/guard-app.ts`
import type { Policy } from '@levqor/guard'
import type { DoctorFacts, RedisFacts } from '@levqor/guard/doctor'
import { readRedisFacts } from '@levqor/guard/redis'
import { connectRedis, createLogger, cspReportsPath, loadConfig } from '@levqor/server'
import { levqorPolicy } from './start/policy.ts'
import { levqorRoutes } from './start/routes.ts'

/** Routes of the server itself, as `createHttpServer` and the web app add them. */
const ownRoutes: Readonly<Record<string, string>> = {
  'GET /health/live': 'health',
  'GET /health/ready': 'health',
  'GET /openapi.json': 'public.page',
  'GET /docs': 'public.page',
  'GET /docs/errors': 'public.page',
  [`POST ${cspReportsPath}`]: 'reports',
  'GET /_next/static/*': 'asset',
  'GET /*': 'page',
}

export function policy(): Policy {
  const api = levqorRoutes.map(({ contract, door }) => {
    return [`${contract.method} ${contract.path.replace(/\{(\w+)\}/g, ':$1')}`, door] as const
  })
  return { ...levqorPolicy(loadConfig(process.env)), routes: { ...ownRoutes, ...Object.fromEntries(api) } }
}

export async function guardFacts(): Promise<DoctorFacts> {
  const config = loadConfig(process.env)
  return {
    ...(config.redisUrl === undefined ? {} : { redis: await redisFacts(config.redisUrl) }),
    production: config.mode === 'production',
    limitStore: config.redisUrl === undefined ? 'memory' : 'shared',
    lockoutStore: 'durable',
    revocations: 'shared',
    secrets: { LEVQOR_SECRET: config.secret },
    egressAllow: config.egressAllow,
  }
}

/** A Redis that does not answer stops the doctor as it stops the start, and with the same words. */
async function redisFacts(url: string): Promise<RedisFacts> {
  const redis = await connectRedis(url, createLogger({ level: 'silent' }))
  try {
    return await readRedisFacts(redis.client)
  } finally {
    await redis.close()
  }
}
