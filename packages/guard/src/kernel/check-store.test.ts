import { createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { createRedisLimitStore } from '../redis/index.ts'
import { guardForTests } from './guard-for-tests.ts'

const unreachable = {
  code: 'store_unreachable',
  message: expect.stringMatching(/cannot be reached \(.+\)\. Start it, or correct its address/),
}

describe('before the first request', () => {
  it('a store that answers is ready', async () => {
    await guardForTests().guard.ready()
  })

  it('one that fails, at once or later, stops the start', async () => {
    const broken = () => {
      throw new Error('no such host')
    }
    await expect(
      guardForTests({ store: { take: broken, peek: broken } }).guard.ready(),
    ).rejects.toMatchObject(unreachable)
    const later = () => Promise.reject('gone')
    await expect(guardForTests({ store: { take: later, peek: later } }).guard.ready()).rejects.toMatchObject(
      unreachable,
    )
  })

  it('a Redis that nobody answers for, or that accepts and never answers, stops the start in time', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    for (const at of [port, 1]) {
      const redis = new Redis({ host: '127.0.0.1', port: at, retryStrategy: () => null, lazyConnect: true })
      redis.on('error', () => {})
      const store = createRedisLimitStore({ redis, namespace: 'nobody' })
      await expect(guardForTests({ store }).guard.ready(300)).rejects.toMatchObject(unreachable)
      redis.disconnect()
    }
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })
})
