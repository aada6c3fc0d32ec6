// What somebody makes in the very moment in which their account or their membership ends: it comes before and ends with it,
// or it is refused. Nothing is left that would come back to life with the account.
import { eachStore, softAuthenticator } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { testPasskeys } from '../passkeys/test-passkeys.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { testPeople } from '../workspaces/test-people.ts'

const rounds = Array.from({ length: 8 }, (_, round) => round)

eachStore((store) => {
  const running: { stop(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop()
  })
  const start = async (): Promise<TestInstallation> => {
    const installation = await testInstallation(store)
    running.push(installation)
    return installation
  }
  const after = <T>(ms: number, act: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => setTimeout(() => act().then(resolve, reject), ms))
  const liveKeys = ({ rows }: TestInstallation, userId: string) =>
    rows('SELECT id FROM api_keys WHERE created_by = $1 AND revoked_at IS NULL', [userId])

  it('no key outlives its maker’s account', async () => {
    const installation = await start()
    const people = await testPeople(installation)
    const answers: number[] = []
    for (const round of rounds) {
      const bob = await people.person(`bob${round}@example.com`)
      const made = [0, 2, 4, 6].map((ms) =>
        after(ms, () => bob.call('POST', '/api/v1/api-keys', { name: 'late' })),
      )
      const closed = after(round * 2, () =>
        people.owner.call('PATCH', `/api/v1/users/${bob.publicId}`, { status: 'disabled' }),
      )
      expect((await closed).status).toBe(200)
      answers.push(...(await Promise.all(made)).map(({ status }) => status))
      expect(await liveKeys(installation, bob.id)).toEqual([])
    }
    // Some came in time, or nothing was tried.
    expect(answers).toContain(201)
    expect(new Set(answers).difference(new Set([201, 401]))).toEqual(new Set())
  })

  it('no key outlives its maker’s membership, made or rotated', async () => {
    const installation = await start()
    const people = await testPeople(installation)
    for (const round of rounds) {
      const eve = await people.person(`eve${round}@example.com`, 'admin')
      const old = (await eve.call('POST', '/api/v1/api-keys', { name: 'old' })).body
      const late = [0, 2, 4].map((ms) =>
        after(ms, () => eve.call('POST', '/api/v1/api-keys', { name: 'late' })),
      )
      const rotated = after(4, () =>
        eve.call('POST', `/api/v1/api-keys/${old.id}/rotate`, { overlap_minutes: 0 }),
      )
      const removed = after(round * 2, () =>
        people.owner.call('DELETE', `/api/v1/workspaces/${people.ws}/members/${eve.publicId}`),
      )
      expect((await removed).status).toBeLessThan(300)
      await Promise.all([...late, rotated])
      expect(await liveKeys(installation, eve.id)).toEqual([])
    }
  })

  it('no session of a passkey outlives its person’s account', async () => {
    const test = await testPasskeys(store)
    running.push(test)
    for (const round of rounds) {
      const bob = await test.person(`bob${round}@example.com`)
      const device = softAuthenticator({ origin: 'http://levqor.test' })
      await test.add(bob, device)
      const entered = test.signIn(device)
      const closed = after(round * 3, () =>
        test.owner.call('PATCH', `/api/v1/users/${bob.publicId}`, { status: 'disabled' }),
      )
      expect((await closed).status).toBe(200)
      await entered
      const left = await test.rows('SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL', [
        bob.id,
      ])
      expect(left).toEqual([])
    }
  })
})
