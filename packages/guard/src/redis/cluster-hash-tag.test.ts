import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, redisAvailable, type StartedProcess, startProcess, until } from '@levqor/testing'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { compileLimit } from '../limits/limit.ts'
import { createRedisLimitStore } from './redis-limit-store.ts'

/** A server in cluster mode that owns every slot. It refuses a call whose keys are not in one slot. */
async function startClusterNode(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-cluster-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--cluster-enabled', 'yes']
  const options = { args: [...args, '--dir', folder], readyWhen: /Ready to accept connections/ }
  const server: StartedProcess = await startProcess({ command: 'redis-server', ...options }).catch(() =>
    startProcess({ command: 'valkey-server', ...options }),
  )
  const redis = new Redis(port)
  onTestFinished(async () => {
    redis.disconnect()
    await server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await until(async () => (await redis.cluster('INFO')).includes('cluster_state:ok'), { what: 'the cluster' })
  return redis
}

it.skipIf(!redisAvailable('own'))(
  'a cluster takes all limits of one call, because their keys share a slot',
  async () => {
    const redis = await startClusterNode()
    await expect(redis.mget('one', 'other')).rejects.toThrow('CROSSSLOT')
    const store = createRedisLimitStore({ redis, namespace: 'levqor' })
    const charges = ['203.0.113.7', 'key_1|203.0.113.7', 'ws_{1}', '', 'x'.repeat(300)].map((subject, i) => ({
      limit: compileLimit({ name: `l${i}`, by: 'address', quota: 2, windowMs: 60_000 }),
      subject,
    }))
    const verdicts = await Promise.all([1, 2, 3].map(() => store.take(charges)))
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, false])
    const keys = await redis.keys('*')
    const slots = await Promise.all(keys.map((key) => redis.cluster('KEYSLOT', key)))
    expect(keys).toHaveLength(5)
    expect(new Set(slots).size).toBe(1)
  },
)
