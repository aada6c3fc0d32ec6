import { type IdentifyResult, noSecurityEvents } from '@levqor/guard'
import { createLogger } from '@levqor/server'
import { eachStore, manualClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { newApiKey } from '../keys/api-key-format.ts'
import { schemas } from '../test-installation.ts'
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
})
