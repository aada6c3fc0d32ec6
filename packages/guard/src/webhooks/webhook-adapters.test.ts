// The three ways to the raw bytes, over real sockets where there are any: byte for byte, bounded, one answer for all.
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import { fastify } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { guardFastify } from '../fastify/index.ts'
import { createGuard } from '../kernel/create-guard.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import { secretOf, signedHeaders } from './deliveries-for-tests.ts'
import { setupReceiver } from './receiver-for-tests.ts'
import { webhookExpress } from './webhook-express.ts'
import { webhookFastify } from './webhook-fastify.ts'
import { webhookNext } from './webhook-next.ts'

/** Not UTF-8, with line ends that a careless reader would change. */
const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x0d, 0x0a, 0x00, 0x80, 0x7d])
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Sent = { readonly headers: Record<string, string>; readonly body: Buffer }
type Post = (path: 'github' | 'slack', sent: Sent) => Promise<Response>
type Setup = ReturnType<typeof setupReceiver>

const openers: Record<string, (setup: Setup) => Promise<Post>> = {
  async fastify({ receiver, handled }) {
    const app = fastify()
    // The application's own parsers must not come near.
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, _body, done) =>
      done(null, {}),
    )
    const handle = (message: Parameters<typeof handled.push>[0]) => {
      if (message.body.equals(Buffer.from('fail'))) throw new Error('broken')
      handled.push(message)
      return message.sender === 'slack' ? { challenge: 'c' } : undefined
    }
    await app.register(
      webhookFastify(receiver, {
        github: { url: '/github', door: 'webhooks', handle },
        slack: { url: '/slack', door: 'webhooks', handle },
      }),
    )
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())
    return overHttp(url)
  },
  async express({ receiver, handled }) {
    const app = express()
    for (const sender of ['github', 'slack'] as const) {
      const handle = (message: Parameters<typeof handled.push>[0]) => {
        if (message.body.equals(Buffer.from('fail'))) throw new Error('broken')
        handled.push(message)
        return sender === 'slack' ? { challenge: 'c' } : undefined
      }
      app.post(`/${sender}`, webhookExpress(receiver, sender, handle))
    }
    app.use(express.json())
    app.use(
      (
        _error: Error & { status?: number },
        _request: express.Request,
        response: express.Response,
        _next: unknown,
      ) => {
        response.sendStatus(_error.status ?? 500)
      },
    )
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closing.push(() => server.close())
    // A listening TCP server has an address with a port.
    return overHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  },
  async next({ receiver, handled }) {
    const handler = (sender: 'github' | 'slack') =>
      webhookNext(receiver, sender, (message) => {
        if (message.body.equals(Buffer.from('fail'))) throw new Error('broken')
        handled.push(message)
        return sender === 'slack' ? { challenge: 'c' } : undefined
      })
    return async (path, { headers, body }) => {
      const request = new Request(`http://localhost/${path}?token=s3cret`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: new Uint8Array(body),
      })
      return handler(path)(request).catch(() => new Response(null, { status: 500 }))
    }
  },
}

function overHttp(url: string): Post {
  return (path, { headers, body }) =>
    fetch(`${url}/${path}?token=s3cret`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
    })
}

describe.each(Object.keys(openers))('%s', (name) => {
  async function setup(options: Parameters<typeof setupReceiver>[0] = {}) {
    const parts = setupReceiver(options)
    const post = await (openers[name] ?? Promise.reject)(parts)
    const signed = (sender: 'github' | 'slack', body: Buffer): Sent => ({
      headers: signedHeaders(sender, { body, nowMs: parts.clock.now() }),
      body,
    })
    return { ...parts, post, signed }
  }

  it('hands over the bytes exactly as they came, whatever content type they claim', async () => {
    const { post, signed, handled } = await setup()
    const types = [
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      'x/y; charset=utf-16',
    ]
    for (const [i, type] of types.entries()) {
      const body = Buffer.concat([bytes, Buffer.from([i])])
      const sent = signed('github', body)
      const answer = await post('github', { ...sent, headers: { ...sent.headers, 'content-type': type } })
      expect([answer.status, await answer.text()]).toEqual([200, ''])
      expect(handled[i]?.body.equals(body)).toBe(true)
    }
  })

  it('sends what the handler returns; a replay is acknowledged without it', async () => {
    const { post, signed, handled } = await setup()
    const sent = signed('slack', bytes)
    const answer = await post('slack', sent)
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'c' }])
    const again = await post('slack', sent)
    expect([again.status, await again.text()]).toEqual([200, ''])
    expect(handled).toHaveLength(1)
  })

  it('answers a forgery with 401 and a problem document that repeats no query', async () => {
    const { post, signed, events } = await setup()
    const { headers } = signed('github', bytes)
    const answer = await post('github', { headers, body: Buffer.from('{}') })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    const problem = (await answer.json()) as Record<string, unknown> // a problem document
    expect(problem).toMatchObject({ code: 'webhook_invalid', status: 401, instance: '/github' })
    expect(JSON.stringify(problem)).not.toMatch(/s3cret|signature_wrong/)
    expect(events).toMatchObject([{ event: 'webhook.rejected', details: { cause: 'signature_wrong' } }])
    if (name !== 'next') expect(events[0]?.address).toBe('127.0.0.1')
  })

  it('says when to come again: closed door, and while a message is processed', async () => {
    const closed = await setup({ secrets: {} })
    const answer = await closed.post('github', closed.signed('github', bytes))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60'])

    const { post, signed, delivery, receiver } = await setup()
    const sent = signed('github', bytes)
    let finish = () => {}
    const running = receiver.receive(
      { ...delivery('github', { body: bytes }), sender: 'github' },
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    const busy = await post('github', sent)
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '60'])
    finish()
    await running
    expect((await post('github', sent)).status).toBe(200)
  })

  it('answers a handler’s failure with 500 and processes the next try', async () => {
    const { post, signed, handled, store } = await setup()
    const sent = signed('github', Buffer.from('fail'))
    expect((await post('github', sent)).status).toBe(500)
    expect((await post('github', sent)).status).toBe(500)
    expect([handled, store.size]).toEqual([[], 0])
  })

  it('reads no more than the sender’s limit, at its edge', async () => {
    const senders = {
      github: { provider: 'github', maxBodyBytes: 1_000 },
      slack: { provider: 'slack' },
    } as const
    const secrets = { github: [{ secret: secretOf('github') }] }
    const { post, signed } = await setup({ policy: { senders }, secrets })
    expect((await post('github', signed('github', Buffer.alloc(1_000, 32)))).status).toBe(200)
    expect((await post('github', signed('github', Buffer.alloc(1_001, 32)))).status).toBe(413)
  })
})

describe('express', () => {
  it('a body that another parser has read already is refused, not guessed', async () => {
    const { receiver, events, clock } = setupReceiver()
    const app = express()
    app.use(express.json())
    app.post(
      '/github',
      webhookExpress(receiver, 'github', () => 'handled'),
    )
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closing.push(() => server.close())
    const body = Buffer.from('{"a":1}')
    const headers = signedHeaders('github', { body, nowMs: clock.now() })
    // A listening TCP server has an address with a port.
    const post = overHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect((await post('github', { headers, body })).status).toBe(401)
    expect(events).toMatchObject([{ details: { cause: 'body_not_raw' } }])
  })

  it('a compressed body is refused: what was signed is what is sent', async () => {
    const parts = setupReceiver()
    const post = await (openers.express ?? Promise.reject)(parts)
    const headers = {
      ...signedHeaders('github', { body: bytes, nowMs: parts.clock.now() }),
      'content-encoding': 'gzip',
    }
    expect((await post('github', { headers, body: bytes })).status).toBe(415)
  })
})

describe('fastify', () => {
  it('stands behind a door of the guard, and knows the caller from it', async () => {
    const parts = setupReceiver()
    const perAddress = { name: 'webhooks', by: 'address', quota: 2, windowMs: 60_000 } as const
    const door = { authentication: 'none', strangers: [perAddress], onStoreFailure: 'deny' } as const
    const guard = createGuard({
      policy: {
        doors: { unmatched: door, webhooks: { ...door, authentication: 'webhook' } },
        unmatched: 'unmatched',
        credentialGuesses: { name: 'guesses', by: 'address', quota: 10, windowMs: 60_000 },
        clientAddress: { trustedProxies: ['loopback'] },
        browser: { origins: ['https://app.example'] },
        transport: { plainHttp: 'allow' },
      },
      store: createMemoryLimitStore({ clock: parts.clock }),
      clock: parts.clock,
    })
    const app = fastify()
    closing.push(() => app.close())
    await app.register(guardFastify(guard, { identify: () => ({ outcome: 'missing' }) }))
    await app.register(
      webhookFastify(parts.receiver, {
        github: { url: '/github', door: 'webhooks', handle: () => 'handled' },
      }),
    )
    const { headers, rawBody } = parts.delivery('github')
    const post = (changed: object) =>
      app.inject({
        method: 'POST',
        url: '/github',
        headers: { ...headers, 'x-forwarded-for': '203.0.113.9', ...changed },
        payload: rawBody,
      })
    expect((await post({})).body).toBe('handled')
    expect((await post({ 'x-hub-signature-256': 'forged' })).json()).toMatchObject({
      code: 'webhook_invalid',
    })
    expect(parts.events[0]?.address).toBe('203.0.113.9')
    expect((await post({})).statusCode).toBe(429)
  })

  it('a header sent twice over a real socket is refused', async () => {
    const parts = setupReceiver()
    const app = fastify()
    await app.register(
      webhookFastify(parts.receiver, {
        github: { url: '/github', door: 'webhooks', handle: () => 'handled' },
      }),
    )
    await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())
    const { headers } = parts.delivery('github', { body: 'x' })
    const signature = `x-hub-signature-256: ${headers['x-hub-signature-256']}`
    const port = (app.server.address() as AddressInfo).port // it listens
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.end(
        `POST /github HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n${signature}\r\n${signature}\r\n\r\nx`,
      )
    })
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(parts.events).toMatchObject([{ details: { cause: 'signature_malformed' } }])
  })
})

describe('next', () => {
  it('stops reading a body that goes on and on', async () => {
    const { receiver, events } = setupReceiver()
    let sent = 0
    const endless = new ReadableStream({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const request = new Request('http://localhost/github', { method: 'POST', body: endless, duplex: 'half' })
    const answer = await webhookNext(receiver, 'github', () => 'handled')(request)
    expect(answer.status).toBe(413)
    expect(sent).toBeLessThan(2_000_000)
    expect(events).toMatchObject([{ details: { cause: 'body_too_large' } }])
  })

  it('knows the caller from the guard around it, and a Response of the handler is the answer', async () => {
    const { receiver, events, delivery } = setupReceiver()
    const { headers } = delivery('github', { body: 'x' })
    const handler = webhookNext(receiver, 'github', () => new Response('own', { status: 202 }))
    const request = (body: string) =>
      new Request('http://localhost/github', { method: 'POST', headers, body })
    const passage = { clientIp: '203.0.113.9' } as Parameters<typeof handler>[1] // all that is read of it
    expect((await handler(request('forged'), passage)).status).toBe(401)
    expect(events[0]?.address).toBe('203.0.113.9')
    const answer = await handler(request('x'))
    expect([answer.status, await answer.text()]).toEqual([202, 'own'])
    const empty = new Request('http://localhost/github', { method: 'POST', headers })
    expect((await handler(empty)).status).toBe(401)
  })
})
