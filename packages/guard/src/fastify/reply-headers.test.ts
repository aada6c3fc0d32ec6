import { type FastifyReply, fastify } from 'fastify'
import { describe, expect, it, vi } from 'vitest'
import { createReplyHeaders, type ReplyHeaders } from './reply-headers.ts'

const headers = { 'x-frame-options': 'DENY', vary: 'Origin' }

/** What a client gets for two requests in turn, `before` having put headers of its own on both. */
async function answersOf(replyHeaders: ReplyHeaders, before?: (reply: FastifyReply) => void) {
  const app = fastify()
  app.addHook('onRequest', (_, reply, done) => {
    before?.(reply)
    replyHeaders.setAll(reply, headers)
    replyHeaders.set(reply, 'ratelimit', '"r";r=1;t=1')
    done()
  })
  app.get('/', async () => 'well')
  const answers = [await app.inject('/'), await app.inject('/')]
  await app.close()
  return answers.map((answer) => answer.headers)
}

/** Notes calls of Fastify's own methods for a reply. */
function watched(reply: FastifyReply) {
  return [vi.spyOn(reply, 'header'), vi.spyOn(reply, 'headers')]
}

function wasUsed(methods: ReturnType<typeof watched>): boolean {
  return methods.some((method) => method.mock.calls.length > 0)
}

describe('headers of a reply', () => {
  it('are all there, on the first reply and on later ones', async () => {
    for (const answer of await answersOf(createReplyHeaders())) {
      expect(answer).toMatchObject({ ...headers, ratelimit: '"r";r=1;t=1' })
    }
  })

  it('go past Fastify’s own methods from the second reply on: the place is found in the release in use', async () => {
    const seen: ReturnType<typeof watched>[] = []
    await answersOf(createReplyHeaders(), (reply) => seen.push(watched(reply)))
    expect(seen.map(wasUsed)).toEqual([true, false])
  })

  it('keep what other hooks have put there, and take the place of older ones of the same name', async () => {
    const answers = await answersOf(createReplyHeaders(), (reply) => {
      reply.headers({ 'x-mine': 'kept', vary: 'Accept', 'set-cookie': ['a=1', 'b=2'] })
    })
    for (const answer of answers) {
      expect(answer).toMatchObject({ ...headers, 'x-mine': 'kept', 'set-cookie': ['a=1', 'b=2'] })
    }
  })

  it('of one reply are not those of the next', async () => {
    let replies = 0
    const replyHeaders = createReplyHeaders()
    const app = fastify()
    app.addHook('onRequest', (_, reply, done) => {
      replyHeaders.setAll(reply, headers)
      if (replies++ === 1) replyHeaders.set(reply, 'x-only-once', 'here')
      done()
    })
    app.get('/', async () => 'well')
    const found = []
    for (let i = 0; i < 3; i++) found.push((await app.inject('/')).headers['x-only-once'])
    expect(found).toEqual([undefined, 'here', undefined])
    await app.close()
  })

  it('a first reply without any decides nothing', async () => {
    const replyHeaders = createReplyHeaders()
    const seen: ReturnType<typeof watched>[] = []
    const app = fastify()
    app.addHook('onRequest', (_, reply, done) => {
      seen.push(watched(reply))
      replyHeaders.setAll(reply, seen.length === 1 ? {} : headers)
      done()
    })
    app.get('/', async () => 'well')
    for (let i = 0; i < 3; i++) await app.inject('/')
    expect(seen.map(wasUsed)).toEqual([true, true, false])
    await app.close()
  })

  it('are set by Fastify itself where they are kept out of sight', () => {
    const kept = new Map<string, string>()
    const reply = {
      [Symbol('a number')]: 1,
      [Symbol('another object')]: {},
      header: (name: string, value: string) => kept.set(name, value),
      headers(all: Record<string, string>) {
        for (const [name, value] of Object.entries(all)) kept.set(name, value)
      },
    } as unknown as FastifyReply
    const replyHeaders = createReplyHeaders()
    for (let i = 0; i < 2; i++) {
      kept.clear()
      replyHeaders.setAll(reply, headers)
      replyHeaders.set(reply, 'ratelimit', '"r";r=1;t=1')
      expect(Object.fromEntries(kept)).toEqual({ ...headers, ratelimit: '"r";r=1;t=1' })
    }
  })
})
