// Every way to sign in, finished with every second factor, through the routes.
import { secondFactors, signInMethods } from '@levqor/client'
import { eachStore, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type EverySignIn, email, everySignIn } from './test-every-sign-in.ts'
import type { Jar } from './test-two-steps.ts'

eachStore((store) => {
  let installation: EverySignIn
  afterEach(() => installation.stop())

  async function setup(shape?: 'microsoft') {
    installation = await everySignIn(store, shape)
    return installation
  }

  // A passkey is both factors at once.
  const asked = signInMethods.filter((method) => method !== 'passkey')

  it.each(asked.flatMap((method) => secondFactors.map((second) => [method, second] as const)))(
    'whoever signs in with %s finishes with %s',
    async (method, second) => {
      const { ways, seconds, get, me, begun, signedIn } = await setup(
        method === 'microsoft' ? method : undefined,
      )
      const jar: Jar = new Map()
      const before = signedIn().length
      await ways[method](jar)
      expect((await me(jar)).status).toBe(401)
      const waiting = await get('second-factor/asked', jar)
      expect(waiting.status).toBe(200)
      expect(new Set(waiting.body.methods)).toEqual(new Set(secondFactors))
      expect(signedIn().length).toBe(before)
      expect((await seconds[second](jar)).status).toBe(200)
      expect((await me(jar)).body.user.email).toBe(email)
      expect(await begun()).toEqual({ method, second_factor: second })
      await until(() => signedIn().length > before, { what: 'the event' })
      expect(signedIn().slice(before)).toMatchObject([
        { address: expect.any(String), details: { method, second_factor: second } },
      ])
    },
  )

  it('whoever signs in with a passkey is asked for nothing else', async () => {
    const { ways, me, begun } = await setup()
    const jar: Jar = new Map()
    await ways.passkey(jar)
    expect((await me(jar)).body.user.email).toBe(email)
    expect(await begun()).toEqual({ method: 'passkey', second_factor: 'passkey' })
  })
})
