// Two server processes that have nothing in common but Redis.
import { fileURLToPath } from 'node:url'
import { type RunningRedis, redisAvailable, startProcess, startRedis, until } from '@levqor/testing'
import { io as connect, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { from, settled } from './test-chat.ts'

const program = fileURLToPath(new URL('./test-chat-process.ts', import.meta.url))

describe.skipIf(!redisAvailable('own'))('two server processes', () => {
  let redis: RunningRedis
  let ports: string[]
  let stop: () => Promise<unknown>
  const clients: Socket[] = []

  beforeAll(async () => {
    redis = await startRedis()
    const args = [program, redis.url, 'two-processes']
    const start = () => startProcess({ command: 'node', args, readyWhen: /listening on (\d+)/ })
    const processes = await Promise.all([start(), start()])
    ports = processes.map(({ ready }) => ready?.[1] ?? '')
    stop = async () => {
      await Promise.all(processes.map((it) => it.kill('SIGKILL')))
      await redis[Symbol.asyncDispose]()
    }
  })
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect()
  })
  afterAll(() => stop())

  async function enter(process: number, session: string): Promise<Socket> {
    const extraHeaders = from(session)
    const options = { forceNew: true, reconnection: false, transports: ['websocket'], extraHeaders }
    const socket = connect(`http://127.0.0.1:${ports[process]}`, options)
    clients.push(socket)
    expect(await settled(socket)).toBe('connected')
    return socket
  }

  it.each([
    ['room:message', 10],
    ['peer:offer', 5],
    ['voice:invite', 3],
  ])('share the throttle of %s: of forty at once, exactly %i pass', async (name, quota) => {
    for (let round = 0; round < 2; round++) {
      const user = `${name.replace(/\W/g, '')}${round}`
      const sockets = await Promise.all([0, 1, 0, 1].map((process, i) => enter(process, `${user}-${i}`)))
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) => sockets[i % 4]?.emitWithAck(name, i)),
      )
      expect(answers.filter((answer) => answer === 'ok').length).toBe(quota)
      expect(answers.filter((answer) => answer?.code === 'rate_limited').length).toBe(40 - quota)
    }
  })

  it('share revocations: a session that ends in one has no socket left in either within a second', async () => {
    const delays: number[] = []
    for (let round = 0; round < 10; round++) {
      const session = `ann-${round}`
      const sockets = await Promise.all([enter(0, session), enter(1, session)])
      const ends = sockets.map(
        (socket) =>
          new Promise<[string, number]>((resolve) => {
            let told = ''
            socket.on('error', ({ code }) => {
              told = code
            })
            socket.once('disconnect', () => resolve([told, performance.now()]))
          }),
      )
      const startedAt = performance.now()
      await fetch(`http://127.0.0.1:${ports[round % 2]}/revoke?session=${session}`, { method: 'POST' })
      for (const [told, endedAt] of await Promise.all(ends)) {
        expect(told).toBe('session_ended')
        delays.push(endedAt - startedAt)
      }
      const again = connect(`http://127.0.0.1:${ports[(round + 1) % 2]}`, {
        forceNew: true,
        reconnection: false,
        // Each from an address of its own: ten wrong credentials of one close it.
        extraHeaders: { ...from(session), 'x-forwarded-for': `192.0.2.${round}` },
      })
      expect(await settled(again)).toMatchObject({ code: 'credential_invalid' })
      again.disconnect()
    }
    expect(Math.max(...delays)).toBeLessThan(1000)
  })

  it('without Redis refuses as the door says, and recovers without a restart', async () => {
    const socket = await enter(0, 'zoe-1')
    expect(await socket.emitWithAck('direct:message', 1)).toBe('ok')
    await redis.kill()
    const startedAt = performance.now()
    expect(await socket.emitWithAck('direct:message', 2)).toMatchObject({ code: 'limits_unavailable' })
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(socket.connected).toBe(true)
    await redis.restart()
    await until(async () => (await socket.emitWithAck('direct:message', 3)) === 'ok', { what: 'the limits' })
  })
})
