// Addresses that Fastify cannot read: counted and answered like every other that leads nowhere.
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { createGuard, createMemoryLimitStore, type Policy } from '../index.ts'
import { type GuardFrameworkErrorsOptions, guardFastify, guardFrameworkErrors } from './index.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 3, windowMs: 60_000 }] as const
const policy: Policy = {
  doors: { open: { authentication: 'none', strangers, onStoreFailure: 'local' } },
  unmatched: 'open',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
  clientAddress: { trustedProxies: [] },
  browser: { origins: [] },
  transport: { plainHttp: 'allow' },
}

const opened: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()))
})

async function setup(options?: GuardFrameworkErrorsOptions, slow = false) {
  const memory = createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 } })
  const store = slow
    ? { take: async (...asked: Parameters<typeof memory.take>) => memory.take(...asked), peek: memory.peek }
    : memory
  const guard = createGuard({ policy, store })
  const app = Fastify({
    frameworkErrors: guardFrameworkErrors(guard, options),
    routerOptions: { maxParamLength: 20 },
  })
  opened.push(app)
  await app.register(guardFastify(guard, { identify: () => ({ outcome: 'missing' }) }))
  app.get('/notes/:id', { config: { door: 'open' } }, async () => 'ok')
  return app
}

it.each([
  ['at once', false],
  ['later', true],
])(
  'are counted at the door of what matches no route, and carry its headers (a store that answers %s)',
  async (_, slow) => {
    const app = await setup(undefined, slow)
    const answers = []
    for (const url of ['/%zz', `/notes/${'a'.repeat(21)}`, '/%ff%', '/%zz'])
      answers.push(await app.inject(url))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 414, 400, 429])
    for (const { headers } of answers) {
      expect(headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-frame-options': 'DENY',
      })
    }
    expect(answers.map((answer) => answer.json().code)).toEqual([
      'bad_address',
      'bad_address',
      'bad_address',
      'rate_limited',
    ])
  },
)

it('the application may answer and refuse in its own words', async () => {
  const app = await setup({
    answer: (error, _, reply) => void reply.code(418).send(error.code),
    onDenied: ({ reason }, _, reply) => void reply.code(419).send(reason),
  })
  const bodies = []
  for (let i = 0; i < 4; i++) bodies.push((await app.inject('/%zz')).body)
  expect(bodies).toEqual(['FST_ERR_BAD_URL', 'FST_ERR_BAD_URL', 'FST_ERR_BAD_URL', 'rate_limited'])
})
