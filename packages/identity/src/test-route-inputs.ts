// A request that each of identity's routes would take, for tests that must not forget one.
import { idPrefixes } from '@levqor/client'
import type { Route } from '@levqor/server'
import type { IdentityServices } from './services.ts'

export type IdentityRoute = Route<IdentityServices>
type JsonObject = Readonly<Record<string, unknown>>

const token = 'A'.repeat(43)
const password = 'correct horse battery staple'
const assertion = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: {
    clientDataJSON: 'AAAA',
    authenticatorData: 'AAAA',
    signature: 'AAAA',
    userHandle: 'AAAA',
  },
  authenticatorAttachment: 'platform',
}

/** By contract; several where the contract is one of several. Every text and every field of the contract is in them. */
const bodies: Readonly<Record<string, readonly JsonObject[]>> = {
  'auth.magic-link': [{ email: 'new@example.com' }],
  'auth.magic-link.verify': [{ token, code: '123456', transport: 'bearer' }],
  'auth.register': [{ email: 'new@example.com', password, name: 'Ada' }],
  'auth.verify-email': [{ token, password }],
  'auth.login': [{ email: 'new@example.com', password, transport: 'bearer' }],
  'auth.refresh': [{ refresh_token: token }],
  'auth.forgot-password': [{ email: 'new@example.com' }],
  'auth.reset-password': [{ token, password }],
  'auth.password.change': [{ current: password, password: `another ${password}` }],
  'auth.sessions.name': [{ name: 'Laptop' }],
  'auth.totp.confirm': [{ code: '123456' }],
  'auth.totp.end': [{ code: '123456' }],
  'auth.second-factor.verify': [{ code: '123456' }],
  'auth.proof.give': [{ password }, { code: '123456' }, { mail_code: '123456' }],
  'auth.passkeys.register.finish': [
    {
      name: 'Key',
      response: {
        id: 'AAAA',
        rawId: 'AAAA',
        type: 'public-key',
        response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA', transports: ['internal'] },
        authenticatorAttachment: 'platform',
      },
    },
  ],
  'auth.passkeys.rename': [{ name: 'Key' }],
  'auth.passkeys.sign-in.finish': [{ response: assertion }],
  'auth.passkeys.second-factor.finish': [{ response: assertion }],
  'auth.passkeys.proof.finish': [{ response: assertion }],
  'auth.oauth.start': [{ next: '/account', link: false }],
  'auth.me.change': [{ name: 'Ada', locale: 'sv', currency: 'SEK' }],
  'auth.email.request': [{ email: 'new@example.com' }],
  'auth.email.look': [{ token }],
  'auth.email.confirm': [{ token }],
  'auth.email.stop': [{ token }],
  'users.upsert': [{ email: 'new@example.com', name: 'Ada', locale: 'sv', currency: 'SEK' }],
  'users.change': [{ status: 'disabled', name: 'Ada', locale: 'sv', currency: 'SEK' }],
  'admin.impersonate.start': [{ user_id: `usr_${'0'.repeat(32)}`, reason: 'They asked for help.' }],
  'api-keys.create': [
    {
      name: 'CI',
      mode: 'live',
      scopes: ['jobs:read'],
      expires_at: '2099-01-01T00:00:00Z',
      allowed_addresses: ['192.0.2.0/24'],
    },
  ],
  'api-keys.change': [{ name: 'CI', allowed_addresses: ['192.0.2.0/24'] }],
  'api-keys.rotate': [
    {
      overlap_minutes: 0,
      name: 'CI',
      scopes: ['jobs:read'],
      expires_at: '2099-01-01T00:00:00Z',
      allowed_addresses: ['192.0.2.0/24'],
    },
  ],
  'api-keys.report': [{ key: `lvk_live_${'A'.repeat(49)}` }],
  'workspaces.create': [{ name: 'Analytics' }],
  'workspaces.rename': [{ name: 'Analytics' }],
  'workspaces.transfer': [{ user_id: `usr_${'0'.repeat(32)}` }],
  'workspaces.members.change-role': [{ role: 'viewer' }],
  'workspaces.invitations.create': [{ email: 'new@example.com', role: 'viewer' }],
  'workspaces.invitations.look': [{ token }],
  'workspaces.invitations.accept': [{ token }],
}

/** @throws for a route that takes a body and is not in the table */
export function bodiesOf({ contract }: IdentityRoute): readonly JsonObject[] {
  if (contract.body === undefined) return []
  const good = bodies[contract.id]
  if (!good) throw new Error(`The route ${contract.id} takes a body that this table does not have.`)
  return good
}

/** Identifiers of the right kind that nothing has. */
export function pathOf({ contract }: IdentityRoute, values: Readonly<Record<string, string>> = {}): string {
  return contract.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? wellFormed({ contract }, name)
    if (value === undefined) throw new Error(`The route ${contract.id} has an unknown parameter {${name}}.`)
    return value
  })
}

export function paramsOf({ contract }: Pick<IdentityRoute, 'contract'>): readonly string[] {
  return [...contract.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

// The contract itself says which kind of identifier it takes.
function wellFormed({ contract }: Pick<IdentityRoute, 'contract'>, name: string): string | undefined {
  const others = Object.fromEntries(paramsOf({ contract }).map((each) => [each, undefined]))
  const candidates = [...idPrefixes.map((prefix) => `${prefix}_${'0'.repeat(32)}`), 'oidc']
  return candidates.find((value) => {
    const checked = contract.params?.safeParse({ ...others, [name]: value })
    return checked && !checked.error?.issues.some(({ path }) => path[0] === name)
  })
}

/** Whether the route can be asked without a credential. */
export function isPublic({ verb }: IdentityRoute): boolean {
  return verb.access.actors.includes('anonymous')
}
