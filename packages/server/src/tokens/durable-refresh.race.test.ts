// A hundred callers in two processes that show one refresh token at the same moment, on a real database.
import { createSecret, type SecurityEventInput } from '@levqor/guard'
import { createRefreshTokens, createRevocations, type RefreshReuse } from '@levqor/guard/tokens'
import { eachStore, manualClock, until } from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import { databaseRefreshStore } from './database-refresh-store.ts'
import { databaseRevocationBus } from './database-revocation-bus.ts'
import { databaseRevocationStore } from './database-revocation-store.ts'
import { testTokenSchema } from './test-token-schema.ts'

const secret = createSecret('Zk3v9Q2xT7mB1nL8rW5yC4pH6sD0gJfAeUiOaXqVtRw', { name: 'REFRESH_SECRET' })
const policy = { issuer: 'https://app.example', audience: 'https://api.example' }

// A hundred callers queue for ten connections each: on a busy machine that takes a while.
const timeoutMs = 60_000

eachStore((store) => {
  /** Two handles on one database, each with everything that a process has. */
  async function setup() {
    const url = await store.fresh()
    const clock = manualClock()
    const emitted: SecurityEventInput[] = []
    const told: RefreshReuse[] = []
    const events = {
      emit: (event: SecurityEventInput) => void emitted.push(event),
      state: () => ({}),
      flush: async () => true,
    }
    const open = async () => {
      const database = await store.open([testTokenSchema], { url, clock })
      const kept = databaseRevocationStore(database)
      const bus = databaseRevocationBus({ store: kept, everyMs: 20 })
      const revocations = createRevocations({ store: kept, bus, clock })
      onTestFinished(() => revocations.stop())
      const families = databaseRefreshStore(database)
      const onReuse = (reuse: RefreshReuse) => void told.push(reuse)
      const refreshTokens = createRefreshTokens({
        policy,
        store: families,
        secret,
        revocations,
        clock,
        events,
        onReuse,
      })
      return { refreshTokens, revocations, families }
    }
    const [here, there] = [await open(), await open()]
    await until(() => here.revocations.alive && there.revocations.alive, {
      what: 'both to listen',
      timeoutMs: 15_000,
    })
    return { clock, emitted, told, here, there }
  }

  it(
    '100-way concurrent refresh, 5 rounds: one family, one successor, nobody is logged out',
    async () => {
      const { here, there, emitted } = await setup()
      let { token, familyId } = await here.refreshTokens.start('user_1')
      for (let round = 2; round <= 6; round++) {
        const shown = token
        const results = await Promise.all(
          Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? here : there).refreshTokens.rotate(shown)),
        )
        const given = new Set(
          results.map((result) => (result.outcome === 'refused' ? result.reason : result.token)),
        )
        expect(given.size).toBe(1)
        expect(results.filter(({ outcome }) => outcome === 'rotated').length).toBe(1)
        token = [...given][0] ?? ''
        expect((await there.families.find(familyId))?.counter).toBe(round)
      }
      expect(emitted).toEqual([])
    },
    timeoutMs,
  )

  it('a stolen token replayed a hundred times at once ends the family once, and the other process hears it', async () => {
    const { clock, here, there, emitted, told } = await setup()
    const heard: string[] = []
    there.revocations.onRevoked(({ kind, id, cause }) => heard.push(`${kind} ${id} ${cause}`))
    const { token: stolen, familyId } = await here.refreshTokens.start('user_1')
    const owner = await here.refreshTokens.rotate(stolen)
    if (owner.outcome !== 'rotated') throw new Error(owner.outcome)
    clock.advance(10_001)
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? here : there).refreshTokens.rotate(stolen)),
    )
    expect(results.every(({ outcome }) => outcome === 'refused')).toBe(true)
    expect(told).toEqual([{ familyId, userId: 'user_1' }])
    expect(emitted.filter(({ event }) => event === 'token.reuse_detected').length).toBe(1)
    await until(() => heard.length > 0, { what: 'the other process', timeoutMs: 15_000 })
    expect(heard).toEqual([`family ${familyId} reuse_detected`])
    expect(await there.refreshTokens.rotate(owner.token)).toMatchObject({
      outcome: 'refused',
      reason: 'ended',
    })
  })

  it('families and revocations survive a restart', async () => {
    const { here, there } = await setup()
    const kept = await here.refreshTokens.start('user_1')
    const ended = await here.refreshTokens.start('user_2')
    await here.refreshTokens.endAllOf('user_2', 'operator')
    expect(await there.refreshTokens.rotate(kept.token)).toMatchObject({
      outcome: 'rotated',
      userId: 'user_1',
    })
    expect(await there.refreshTokens.rotate(ended.token)).toMatchObject({ reason: 'ended' })
  })
})
