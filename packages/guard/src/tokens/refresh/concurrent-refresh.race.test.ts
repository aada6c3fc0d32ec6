// A hundred tabs, workers and retries that show one refresh token at the same moment.
import { fastify } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { createTokenCookies } from '../cookies/token-cookies.ts'
import { refreshTokensForTests, testPolicy } from '../test-tokens.ts'

it('100-way concurrent refresh, 50 rounds: one family, one successor, nobody is logged out', async () => {
  const { refreshTokens, store, events, told } = await refreshTokensForTests()
  let { token, familyId } = await refreshTokens.start('user_1')
  for (let round = 2; round <= 51; round++) {
    const shown = token
    const results = await Promise.all(Array.from({ length: 100 }, () => refreshTokens.rotate(shown)))
    const successors = new Set(
      results.map((result) => (result.outcome === 'refused' ? result.reason : result.token)),
    )
    expect(successors.size).toBe(1)
    expect(results.filter(({ outcome }) => outcome === 'rotated').length).toBe(1)
    token = [...successors][0] ?? ''
    expect((await store.find(familyId))?.counter).toBe(round)
  }
  expect([events.all, told]).toEqual([[], []])
})

it('stragglers of several rotations inside ten seconds all get the newest token', async () => {
  const { refreshTokens, clock } = await refreshTokensForTests()
  const tokens = [(await refreshTokens.start('user_1')).token]
  for (let i = 0; i < 5; i++) {
    clock.advance(1500)
    const result = await refreshTokens.rotate(tokens.at(-1) ?? '')
    if (result.outcome === 'refused') throw new Error(result.reason)
    tokens.push(result.token)
  }
  for (const late of tokens.slice(0, -1)) {
    expect(await refreshTokens.rotate(late)).toMatchObject({ outcome: 'repeated', token: tokens.at(-1) })
  }
})

it('over HTTP: every one of 100 browsers’ requests gets the same cookie, and none is told to drop it', async () => {
  const { refreshTokens } = await refreshTokensForTests()
  const cookies = createTokenCookies(
    { ...testPolicy, cookies: { refreshPath: '/auth/refresh' } },
    { https: true },
  )
  const app = fastify()
  onTestFinished(() => app.close())
  app.post('/auth/refresh', async (request, reply) => {
    const reading = cookies.refresh.read(request.headers.cookie)
    const shown = reading.outcome === 'found' ? reading.value : ''
    const result = await refreshTokens.rotate(shown)
    if (result.outcome === 'refused') {
      return reply.code(401).header('set-cookie', [cookies.access.end(), cookies.refresh.end()]).send()
    }
    return reply.header('set-cookie', cookies.refresh.write(result.token)).send({ ok: true })
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const { token } = await refreshTokens.start('user_1')
  const headers = { cookie: `${cookies.refresh.name}=${token}` }
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => fetch(`${origin}/auth/refresh`, { method: 'POST', headers })),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200))
  const given = new Set(answers.map((answer) => answer.headers.getSetCookie().join('\n')))
  expect(given.size).toBe(1)
  expect([...given][0]).toMatch(/^__Secure-refresh=[\w-]{70}; Max-Age=2592000;/)
})
