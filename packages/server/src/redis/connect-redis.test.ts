import { connect, createServer, type Socket } from 'node:net'
import { freePort, redisAvailable, startRedis, until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../log/create-logger.ts'
import { connectRedis } from './connect-redis.ts'

function setup() {
  const lines: string[] = []
  const log = createLogger({ level: 'info', stream: { write: (line: string) => void lines.push(line) } })
  return { log, lines }
}

it('an address where nobody answers stops the start and says what to do', async () => {
  const { log } = setup()
  await expect(connectRedis(`redis://127.0.0.1:${await freePort()}`, log)).rejects.toMatchObject({
    code: 'redis_unreachable',
    message: expect.stringContaining('REDIS_URL'),
  })
})

describe.skipIf(!redisAvailable('own'))('with a Redis', () => {
  it('a lost server fails commands at once, is told once, and comes back by itself', async () => {
    const { log, lines } = setup()
    await using server = await startRedis()
    const { client, check, close } = await connectRedis(server.url, log)
    await check.check()
    await server.kill()
    await until(() => lines.some((line) => line.includes('is lost')), { what: 'the loss to be told' })
    const started = performance.now()
    await expect(check.check()).rejects.toThrow()
    expect(performance.now() - started).toBeLessThan(50)
    await server.restart()
    await until(() => client.status === 'ready', { what: 'the connection to come back' })
    await check.check()
    await close()
    expect(lines.filter((line) => line.includes('is lost'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('Connected'))).toHaveLength(2)
  })

  it('a connection that went dead without a word is given up and dialled again', async () => {
    const { log } = setup()
    await using server = await startRedis()
    // What a cable pulled out looks like: nothing comes through the connections there are, new ones work.
    const through: Socket[] = []
    const proxy = createServer((near) => {
      const far = connect(server.port, '127.0.0.1')
      near.pipe(far).pipe(near)
      for (const socket of [near, far]) socket.on('error', () => socket.destroy())
      through.push(near, far)
    })
    const port = await freePort()
    await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve))
    const { client, check, close } = await connectRedis(`redis://127.0.0.1:${port}`, log)
    try {
      await check.check()
      for (const socket of through.splice(0)) {
        socket.unpipe()
        socket.pause()
      }
      const dead = check.check().catch((error: unknown) => error)
      expect(await dead).toBeInstanceOf(Error)
      await until(() => client.status === 'ready', { what: 'a new connection' })
      await check.check()
    } finally {
      await close()
      for (const socket of through) socket.destroy()
      proxy.close()
    }
  })
})
