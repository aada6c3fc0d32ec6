import { type IdentifyResult, noSecurityEvents } from '@levqor/guard'
import { createLogger } from '@levqor/server'
import { eachStore, manualClock, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { newApiKey } from '../keys/api-key-format.ts'
import { schemas, testInstallation, tokenOf } from '../test-installation.ts'
import { createAuthenticator } from './create-authenticator.ts'

eachStore((store) => {
  it('a text that cannot be a key is refused without a look-up', async () => {
    const database = await store.open(schemas, { clock: manualClock() })
    let looks = 0
    const look = () => {
      looks++
      return Promise.resolve([])
    }
    const { identify, lastUsed } = createAuthenticator({
      database,
      read: { dialect: 'sqlite', query: look, run: () => Promise.reject(new Error()), tables: look as never },
      tokens: { verifyAccess: () => ({ refused: 'token_segments' }) },
      policy: identityPolicy,
      revocations: { onRevoked: () => () => undefined },
      events: noSecurityEvents,
      log: createLogger({ level: 'fatal' }),
    })
    const ask = async (key: string): Promise<IdentifyResult> =>
      identify(
        { id: 'r', headers: { 'x-api-key': key }, guard: { https: true, clientIp: '127.0.0.1' } },
        {} as never,
      )
    const { text } = newApiKey()
    const typos = Array.from({ length: text.length }, (_, at) => {
      const other = text[at] === '7' ? '8' : '7'
      return text.slice(0, at) + other + text.slice(at + 1)
    })
    for (const typo of [...typos, text.slice(1), `${text}0`, text.replace('live', 'test'), '']) {
      expect(await ask(typo)).toEqual({ outcome: 'invalid', cause: 'malformed' })
    }
    expect(looks).toBe(0)
    expect(await ask(text)).toEqual({ outcome: 'invalid', cause: 'unknown_key' })
    expect(looks).toBe(1)
    await lastUsed.stop()
  })

  it('a request is one use: asked about again while its event stream is open, its credential is only watched', async () => {
    const { identity, firstRun, clock, call, rows, stop } = await testInstallation(store)
    const headers = { 'x-api-key': firstRun.api_key }
    const guard = { https: true, clientIp: '127.0.0.1', door: { name: 'stream' } }
    const lastUse = async () => (await rows<{ at: number }>('SELECT last_used_at AS at FROM api_keys'))[0]?.at
    const opened = clock.now()
    const first = await identity.identify({ id: 'r', headers, guard }, {} as never)
    await until(async () => Number(await lastUse()) === opened, { what: 'the use to be written' })

    const actor = first.outcome === 'identified' ? first.actor : undefined
    for (let minute = 0; minute < 5; minute++) {
      clock.advance(61_000)
      const again = await identity.identify({ id: 'r', headers, guard: { ...guard, actor } }, {} as never)
      expect(again.outcome).toBe('identified')
    }
    // What the watching leaves behind is written together with whatever a sign-in has left.
    const jar = new Map<string, string>()
    const token = tokenOf(firstRun.sign_in_link)
    await call('POST', '/api/auth/magic-link/verify', { body: { token }, jar })
    clock.advance(61_000)
    await call('GET', '/api/auth/me', { jar })
    const seen = () => rows<{ at: number }>('SELECT last_seen_at AS at FROM sessions')
    await until(async () => Number((await seen())[0]?.at) === clock.now(), { what: 'the use to be written' })
    expect(Number(await lastUse())).toBe(opened)

    await identity.identify({ id: 'r2', headers, guard }, {} as never)
    await until(async () => Number(await lastUse()) === clock.now(), { what: 'the next use to be written' })
    await stop()
  })
})
