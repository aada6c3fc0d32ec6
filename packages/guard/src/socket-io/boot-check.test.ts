import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '@levqor/testing'
import { Server, type ServerOptions } from 'socket.io'
import { describe, expect, it } from 'vitest'
import { createGuard, createMemoryLimitStore, type Guard, type Policy } from '../index.ts'
import { createRevocations } from '../tokens/revocation/create-revocations.ts'
import { inProcessRevocationBus } from '../tokens/revocation/in-process-bus.ts'
import { createMemoryRevocationStore } from '../tokens/revocation/memory-revocation-store.ts'
import { guardSocketIo, socketIoOptions } from './index.ts'
import { chatPolicy, from, settled, startChat } from './test-chat.ts'
import { rawClient } from './test-raw-client.ts'

const guardOf = (policy: Policy = chatPolicy) =>
  createGuard({ policy, store: createMemoryLimitStore({ clock: Date }) })
const revocations = () =>
  createRevocations({ store: createMemoryRevocationStore(), bus: inProcessRevocationBus() })

/** A listening TCP server has an address with a port. */
const portOf = (http: HttpServer) => (http.address() as AddressInfo).port

/** What guardSocketIo says to a server with these options; nothing listens. */
function attach(change: Partial<ServerOptions>, guard: Guard = guardOf(), owner: Guard = guard) {
  const io = new Server(createServer(), { ...socketIoOptions(owner), ...change })
  const stop = guardSocketIo(io, guard, {
    identify: () => ({ outcome: 'missing' }),
    revocations: revocations(),
    onError: () => {},
  })
  stop()
  return io
}

/** The error of something that must throw. */
function errorOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('It did not throw')
}

describe('a server that cannot be guarded does not start', () => {
  it.each([
    ['by default', {}],
    ['with skipMiddlewares', { skipMiddlewares: true }],
    [
      'without skipMiddlewares, because what was missed is sent before any middleware is asked',
      { skipMiddlewares: false },
    ],
  ])('recovery that would skip middleware: %s', (_, connectionStateRecovery) => {
    expect(errorOf(() => attach({ connectionStateRecovery }))).toMatchObject({
      code: 'recovery_skips_middleware',
      message: expect.stringContaining('connectionStateRecovery'),
    })
  })

  it('because Socket.IO sends what a client missed before it asks its middleware', async () => {
    const http = createServer()
    const io = new Server(http, { connectionStateRecovery: { skipMiddlewares: false } })
    let welcome = true
    io.use((_, next) => next(welcome ? undefined : new Error('signed out')))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const first = await rawClient(portOf(http), {})
    first.frame('40')
    await until(() => first.texts.length === 2, { what: 'the handshake' })
    io.emit('news', 'old')
    await until(() => first.texts.length === 3, { what: 'an event' })
    const { pid }: { pid: string } = JSON.parse(first.texts[1]?.slice(2) ?? '')
    const offset = JSON.parse(first.texts[2]?.slice(2) ?? '').at(-1)
    first.destroy()
    await until(() => io.sockets.sockets.size === 0, { what: 'the client to be gone' })
    io.emit('news', 'for members')
    welcome = false
    const second = await rawClient(portOf(http), {})
    second.frame(`40${JSON.stringify({ pid, offset })}`)
    await until(() => second.texts.some((text) => text.startsWith('44')), { what: 'the refusal' })
    expect(second.texts[1]).toContain('for members')
    second.destroy()
    await io.close()
  })

  it.each<[string, Partial<ServerOptions>]>([
    ['allowRequest', { allowRequest: (_, done) => done(null, true) }],
    ['maxHttpBufferSize', { maxHttpBufferSize: 1e9 }],
    ['cors', { cors: { origin: '*' } }],
    ['cors', { cors: { origin: true, credentials: true } }],
    ['webtransport', { transports: ['websocket', 'webtransport'] }],
  ])('%s that is not the guard’s is named', (name, change) => {
    expect(errorOf(() => attach(change))).toMatchObject({
      code: 'socket_options_missing',
      details: [expect.stringContaining(name)],
    })
  })

  it('without any of the guard’s options', () => {
    const guard = guardOf()
    const options = {
      identify: () => ({ outcome: 'missing' }) as const,
      revocations: revocations(),
      onError() {},
    }
    const bare = new Server(createServer())
    expect(errorOf(() => guardSocketIo(bare, guard, options))).toMatchObject({
      code: 'socket_options_missing',
      message: expect.stringContaining('socketIoOptions(guard)'),
    })
  })

  it('with another guard’s options', () => {
    expect(errorOf(() => attach({}, guardOf(), guardOf()))).toMatchObject({ code: 'socket_options_missing' })
  })

  it('before it has an HTTP server; every problem at once', () => {
    const guard = guardOf()
    const io = new Server({ ...socketIoOptions(guard), connectionStateRecovery: {} })
    const options = {
      identify: () => ({ outcome: 'missing' }) as const,
      revocations: revocations(),
      onError() {},
    }
    const error = errorOf(() => guardSocketIo(io, guard, options))
    expect(error).toMatchObject({ code: 'recovery_skips_middleware', details: { length: 2 } })
  })

  it('when clients are connected already', async () => {
    const guard = guardOf()
    const http = createServer()
    const io = new Server(http, socketIoOptions(guard))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const client = await rawClient(portOf(http), from('ann-1'))
    const options = {
      identify: () => ({ outcome: 'missing' }) as const,
      revocations: revocations(),
      onError() {},
    }
    expect(errorOf(() => guardSocketIo(io, guard, options))).toMatchObject({ code: 'guard_late' })
    client.destroy()
    await io.close()
  })

  it('when the policy has no sockets', () => {
    const { sockets: _, ...rest } = chatPolicy
    expect(errorOf(() => socketIoOptions(guardOf(rest)))).toMatchObject({
      code: 'bad_socket_policy',
      message: expect.stringContaining('socket'),
    })
  })

  it('when they stand behind an unknown door', () => {
    const sockets = { door: 'back', events: { a: { unlimited: 'x' } } }
    expect(errorOf(() => guardOf({ ...chatPolicy, sockets }))).toMatchObject({
      code: 'bad_policy',
      message: expect.stringContaining('sockets.door = "back": socket_door. There is no door "back".'),
    })
  })

  it('starts with the guard’s options as they are, and with cors left out', () => {
    expect(attach({}).engine.opts).toMatchObject({
      maxHttpBufferSize: 20_000,
      cors: { origin: ['https://chat.example'], credentials: true },
      transports: ['polling', 'websocket'],
      connectTimeout: 10_000,
    })
    const nobody = guardOf({ ...chatPolicy, browser: { origins: [] } })
    expect(attach({}, nobody).engine.opts.cors).toBe(false)
  })
})

describe('a server with event types of its own', () => {
  interface FromClients {
    'room:message': (text: string, acknowledge: (answer: string) => void) => void
  }
  interface ToClients {
    'room:message': (message: { readonly from: string }) => void
  }

  it('is guarded like any other', () => {
    const guard = guardOf()
    const io = new Server<FromClients, ToClients, { ping: () => void }, { name: string }>(createServer(), {
      ...socketIoOptions(guard),
      path: '/chat',
    })
    const options = {
      identify: () => ({ outcome: 'missing' }) as const,
      revocations: revocations(),
      onError() {},
    }
    expect(guardSocketIo(io, guard, options)).toBeTypeOf('function')
  })
})

describe('a handler for an event that the policy does not name', () => {
  it('is refused where it is registered, by its name', async () => {
    await using chat = await startChat()
    const errors: unknown[] = []
    chat.io.on('connection', (socket) => {
      socket.on('disconnect', () => {})
      socket.on('error', () => {})
      socket.once('typing', () => {})
      for (const method of ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const) {
        errors.push(errorOf(() => Reflect.apply(socket[method], socket, ['room:delete', () => {}])))
      }
      errors.push(
        errorOf(() => socket.onAny(() => {})),
        errorOf(() => socket.prependAny(() => {})),
      )
    })
    expect(await settled(chat.open({ extraHeaders: from('ann-1') }))).toBe('connected')
    expect(errors.length).toBe(7)
    for (const error of errors) expect(error).toMatchObject({ code: 'event_unknown' })
    expect(errors[0]).toMatchObject({ message: expect.stringMatching(/"room:delete".*typing/) })
    expect(errors[5]).toMatchObject({ message: expect.stringContaining('onAny') })
  })
})

describe('a connection that did not pass the gate', () => {
  it('is closed before it can say anything', async () => {
    await using chat = await startChat()
    // As a WebTransport session would, or a second engine.
    chat.io.engine.opts.allowRequest = (_, done) => done(null, true)
    const client = await rawClient(chat.port, from('ann-1'))
    await until(() => client.closed, { what: 'the line to be cut' })
    expect([chat.io.engine.clientsCount, chat.io.sockets.sockets.size]).toEqual([0, 0])
  })

  it('of an engine that was attached later, neither', async () => {
    await using chat = await startChat()
    const http = createServer()
    chat.io.attach(http)
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const client = await rawClient(portOf(http), from('ann-1'))
    client.frame('40')
    client.frame('42["typing"]')
    expect(await settled(chat.open({ extraHeaders: from('ann-1') }))).toBe('connected')
    expect(chat.received).toEqual([])
    client.destroy()
    http.close()
  })
})
