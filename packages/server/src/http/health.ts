// Is the process alive, and can it do its work? Strangers learn yes or no; operators and this machine learn why.
import { statfs } from 'node:fs/promises'
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopbackHost } from '../config/loopback.ts'
import { actorOf } from './register-routes.ts'

/** One thing the process cannot work without. Rejecting or taking longer than 2 s means not ready. */
export interface ReadinessCheck {
  readonly name: string
  check(): Promise<void>
}

interface CheckResult {
  readonly name: string
  readonly ok: boolean
  readonly latency_ms: number
}

export interface HealthOptions {
  readonly door: string
  readonly checks: readonly ReadinessCheck[]
  readonly isStopping: () => boolean
}

const patienceMs = 2_000
// Probes of many load balancers, and of strangers, cost one check per second at most.
const keptMs = 1_000

export function addHealthRoutes(app: FastifyInstance, options: HealthOptions): void {
  const run = keepFor(keptMs, () => Promise.all(options.checks.map(runCheck)))
  // Read by @fastify/swagger; Fastify itself knows nothing of it.
  const schema: object = { hide: true }
  const config = { door: options.door, quiet: true }

  app.get('/health/live', { config, schema }, async () => ({ status: 'ok' }))
  app.get('/health/ready', { config, schema }, async (request, reply) => {
    const checks = await run()
    const ready = !options.isStopping() && checks.every(({ ok }) => ok)
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    const status = ready ? 'ready' : 'not_ready'
    return mayKnowMore(request) ? { status, stopping: options.isStopping(), checks } : { status }
  })
}

/** The database answers. */
export function databaseCheck(database: Database): ReadinessCheck {
  return {
    name: 'database',
    check: async () => {
      await asSystem(database).read.query('SELECT 1 AS one')
    },
  }
}

/** The folder's disk has room for at least `minimumBytes` (default 100 MB). */
export function diskCheck(folder: string, minimumBytes = 100 * 1024 * 1024): ReadinessCheck {
  return {
    name: 'disk',
    check: async () => {
      const { bavail, bsize } = await statfs(folder)
      if (bavail * bsize < minimumBytes) throw new Error('The disk is nearly full.')
    },
  }
}

async function runCheck({ name, check }: ReadinessCheck): Promise<CheckResult> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  const ok = await Promise.race([
    check().then(
      () => true,
      () => false,
    ),
    late,
  ])
  clearTimeout(timer)
  return { name, ok, latency_ms: Math.round(performance.now() - started) }
}

function keepFor<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined
  let until = 0
  return () => {
    const now = performance.now()
    if (kept === undefined || now >= until) {
      kept = make()
      until = now + ms
    }
    return kept
  }
}

// A forwarded request came through a proxy on this machine, from who knows where.
function mayKnowMore(request: FastifyRequest): boolean {
  const actor = actorOf(request)
  if ('operator' in actor && actor.operator) return true
  const { headers } = request
  const direct = !headers.forwarded && !headers['x-forwarded-for'] && !headers.via
  return direct && isLoopbackHost(request.socket.remoteAddress ?? '')
}
