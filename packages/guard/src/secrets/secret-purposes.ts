// What needs a secret, one row each: how to make a strong one and where it goes. `guard secrets` prints this table.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Policy } from '../policy/policy.ts'
import { createWebhookSecret } from '../webhooks/webhook-secrets.ts'

/** One variable of the environment, filled. */
export interface MadeSecret {
  readonly variable: string
  /** Absent: only the other side can make it. */
  readonly value?: string
  /** What it is for and where it goes. */
  readonly about: string
}

type Purpose = (policy: Policy | undefined) => readonly MadeSecret[]

/** 32 random bytes in base64url: no quoting in shells, files and URLs. */
function random256(): string {
  return randomBytes(32).toString('base64url')
}

/** The table. A purpose that a policy does not need makes nothing. */
const purposes: readonly Purpose[] = [
  () => [
    {
      variable: 'GUARD_SECRET',
      value: random256(),
      about:
        'Keys what must not be read in logs and stores: addresses in security events (createPseudonyms), names in the lockout (createLockout), refresh tokens (createRefreshTokens). Every process of one installation has the same.',
    },
  ],
  (policy) =>
    policy !== undefined && policy.tokens === undefined
      ? []
      : [
          {
            variable: 'GUARD_SESSION_KEY',
            value: random256(),
            about:
              'HMAC key of 256 bits: signs access tokens with HS256 (createTokenKeys) where the servers that check them are yours.',
          },
          ...ed25519(),
        ],
  (policy) =>
    policy !== undefined
      ? []
      : [
          {
            variable: 'GUARD_WEBHOOK_SECRET',
            value: createWebhookSecret(),
            about: 'Signs the webhooks that you send (signWebhook). Their receiver needs the same text.',
          },
        ],
  (policy) =>
    Object.entries(policy?.webhooks?.senders ?? {}).map(([name, { provider }]) => sender(name, provider)),
]

/** Strong secrets for everything that a policy needs; without one, for everything that the guard can use. */
export function makeSecrets(policy?: Policy): readonly MadeSecret[] {
  return purposes.flatMap((purpose) => purpose(policy))
}

/** DER in base64, one line each: an environment variable holds no line breaks. */
function ed25519(): readonly MadeSecret[] {
  const pair = generateKeyPairSync('ed25519')
  return [
    {
      variable: 'GUARD_TOKEN_PRIVATE_KEY',
      value: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      about:
        "Ed25519 key pair, instead of GUARD_SESSION_KEY where others check your tokens. Signs (EdDSA): createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' }).",
    },
    {
      variable: 'GUARD_TOKEN_PUBLIC_KEY',
      value: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      about:
        "Its public half, no secret: checks tokens and signs none. createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' }).",
    },
  ]
}

type ProviderName = NonNullable<Policy['webhooks']>['senders'][string]['provider']

function sender(name: string, provider: ProviderName): MadeSecret {
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_WEBHOOK_SECRET`
  switch (provider) {
    case 'stripe':
    case 'slack':
    case 'notion':
      return { variable, about: `Of the webhook sender "${name}": ${provider} makes it, copy it from there.` }
    case 'standard-webhooks':
      return {
        variable,
        value: createWebhookSecret(),
        about: `Of the webhook sender "${name}". Many senders make it themselves: then copy theirs.`,
      }
    case 'github':
    case 'hmac':
    case 'telegram':
      return {
        variable,
        value: random256(),
        about: `Of the webhook sender "${name}": give ${provider === 'hmac' ? 'the sender' : provider} the same text.`,
      }
  }
}
