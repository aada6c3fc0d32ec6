import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { policy } from '../command-line/test-policy.ts'
import { createTokenKeys } from '../tokens/index.ts'
import { standardKey, webhookProviders } from '../webhooks/webhook-providers.ts'
import { createSecret, estimateEntropyBits } from './secret.ts'
import { makeSecrets } from './secret-purposes.ts'

const made = (name: string, it = makeSecrets()) => it.find(({ variable }) => variable === name)?.value ?? ''

describe('secrets for every purpose', () => {
  it('all are strong, and no two are the same', () => {
    const values = [...makeSecrets(), ...makeSecrets()].map(({ value }) => value ?? '')
    expect(new Set(values).size).toBe(values.length)
    for (const value of values) expect(estimateEntropyBits(value)).toBeGreaterThan(128)
  })

  it('the session key signs tokens', () => {
    const key = createSecret(made('GUARD_SESSION_KEY'), { name: 'GUARD_SESSION_KEY' })
    expect(createTokenKeys({ algorithm: 'HS256', current: { kid: 'one', key } }).kid).toBe('one')
  })

  it('the key pair is an Ed25519 pair, read as the text says', () => {
    const all = makeSecrets()
    const bytes = (name: string) => Buffer.from(made(name, all), 'base64')
    const key = createPrivateKey({ key: bytes('GUARD_TOKEN_PRIVATE_KEY'), format: 'der', type: 'pkcs8' })
    const publicKey = createPublicKey({ key: bytes('GUARD_TOKEN_PUBLIC_KEY'), format: 'der', type: 'spki' })
    const signature = sign(null, Buffer.from('text'), key)
    expect([key.asymmetricKeyType, verify(null, Buffer.from('text'), publicKey, signature)]).toEqual([
      'ed25519',
      true,
    ])
  })

  it('webhook secrets have the form that their provider reads', () => {
    expect(standardKey(made('GUARD_WEBHOOK_SECRET'))?.length).toBe(32)
    const own = makeSecrets({
      ...policy,
      webhooks: { senders: { github: { provider: 'github' }, bot: { provider: 'telegram' } } },
    })
    expect(webhookProviders.github.keyOf(made('GITHUB_WEBHOOK_SECRET', own))).toBeDefined()
    expect(webhookProviders.telegram.keyOf(made('BOT_WEBHOOK_SECRET', own))).toBeDefined()
  })

  it('a policy without tokens and webhooks needs the pepper only', () => {
    const { tokens: _, webhooks: __, ...bare } = policy
    expect(makeSecrets(bare).map(({ variable }) => variable)).toEqual(['GUARD_SECRET'])
  })
})
