// Every route that changes something, tried with a session whose last proof is sixteen minutes old. A new one is listed here
// by somebody who has thought about what a stolen session could do with it.
import { createHash, randomBytes } from 'node:crypto'
import { toPublicId } from '@levqor/client'
import { asSystem } from '@levqor/database/system'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { levqorRoutes } from '../src/start/routes.ts'
import { openTwoTenants, type Tenant } from './open-two-tenants.ts'

const minute = 60_000
const password = 'correct horse battery staple'

/** They need a proof, with a body that asks for it; the caller is owner, operator and has a second factor. */
const needsProof: Readonly<Record<string, (tenant: Tenant) => object | undefined>> = {
  'auth.password.change': () => ({ current: password, password: `another ${password}` }),
  'api-keys.create': () => ({ name: 'mine', scopes: ['jobs:read'] }),
  'api-keys.rotate': () => ({ overlap_minutes: 0 }),
  // A name alone needs none.
  'api-keys.change': () => ({ allowed_addresses: null }),
  'auth.totp.start': () => undefined,
  'auth.totp.confirm': () => ({ code: '123456' }),
  'auth.totp.recovery-codes': () => undefined,
  'auth.passkeys.register.start': () => undefined,
  'auth.passkeys.register.finish': () => ({
    name: 'Key',
    response: {
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA', transports: ['internal'] },
      authenticatorAttachment: 'platform',
    },
  }),
  'auth.passkeys.remove': () => undefined,
  'auth.identities.unlink': () => undefined,
  'workspaces.transfer': ({ members }) => ({ user_id: toPublicId('usr', members.viewer.userId) }),
  'workspaces.members.change-role': () => ({ role: 'admin' }),
  'workspaces.members.remove': () => undefined,
  'workspaces.invitations.create': () => ({ email: 'new@example.com', role: 'admin' }),
  'auth.email.request': () => ({ email: 'new@example.com' }),
  'auth.account.delete': () => undefined,
  'users.change': () => ({ status: 'disabled' }),
  'admin.impersonate.start': ({ members }) => ({
    user_id: toPublicId('usr', members.viewer.userId),
    reason: 'They asked for help.',
  }),
  'admin.lockouts.unlock': () => ({ account: 'nobody@example.com' }),
}

const work = 'the ordinary work of a workspace'
const signsIn = 'asks for what one signs in with, or for what was mailed; a session is not looked at'
const proves = 'is itself the proof'
const undoes = 'only takes something away, or undoes it'
const harmless = 'names things'

/** They need none, and why. */
const needsNone: Readonly<Record<string, string>> = {
  'jobs.submit': work,
  'jobs.cancel': work,
  'jobs.retry': work,
  'ops.dlq.retry': work,
  'workflows.save': work,
  'workspaces.create': work,
  'workspaces.switch': work,
  'workspaces.leave': undoes,
  'workspaces.rename': harmless,
  'workspaces.invitations.withdraw': undoes,
  'workspaces.invitations.resend': 'goes to a mailbox that was chosen with a proof, where one was due',
  'workspaces.invitations.accept': 'takes the text of a mail',
  'auth.magic-link': signsIn,
  'auth.magic-link.verify': signsIn,
  'auth.register': signsIn,
  'auth.verify-email': signsIn,
  'auth.login': signsIn,
  'auth.forgot-password': signsIn,
  'auth.reset-password': signsIn,
  'auth.second-factor.verify': signsIn,
  'auth.passkeys.sign-in.start': signsIn,
  'auth.passkeys.sign-in.finish': signsIn,
  'auth.passkeys.second-factor.start': signsIn,
  'auth.passkeys.second-factor.finish': signsIn,
  'auth.oauth.start': 'signs in; where it links, providers.test.ts tries it, as it needs a provider',
  'auth.oauth.callback': signsIn,
  'auth.proof.give': proves,
  'auth.proof.mail': proves,
  'auth.passkeys.proof.start': proves,
  'auth.passkeys.proof.finish': proves,
  'auth.totp.end': 'takes a code of the second factor',
  'auth.sessions.name': harmless,
  'auth.sessions.end': undoes,
  'auth.sessions.end-others': undoes,
  'auth.logout': undoes,
  'auth.passkeys.rename': harmless,
  'auth.me.change': harmless,
  'auth.email.withdraw': undoes,
  'auth.email.confirm': 'takes the text of a mail',
  'auth.email.stop': undoes,
  'auth.account.keep': undoes,
  'admin.impersonate.stop': undoes,
  'api-keys.report': 'takes the text of the key',
  'api-keys.revoke': undoes,
  'users.upsert': 'makes an account that nobody but its mailbox can open',
}

eachStore((store) => {
  it('every route that changes something needs a recent proof of a session, or says why not', () => {
    const writing = levqorRoutes.flatMap(({ contract, verb }) => (verb.kind === 'write' ? [contract.id] : []))
    expect([...Object.keys(needsProof), ...Object.keys(needsNone)].sort()).toEqual(writing.sort())
  })

  it('with a proof of sixteen minutes ago each of them is refused, and with a new one it is not', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { a, server, platform } = tenants
    const { database, config } = platform
    const { clock, ids } = database
    const { owner, member, viewer } = a.members
    const change = (sql: string, values: (string | number)[]) =>
      asSystem(database).transaction((tx) => tx.run(sql, values))
    await change('UPDATE users SET operator = 1 WHERE id = $1', [owner.userId])
    await change("UPDATE memberships SET role = 'owner' WHERE user_id = $1", [member.userId])
    await change(
      'INSERT INTO totp_secrets (user_id, secret, last_step, confirmed_at, created_at) VALUES ($1, $2, 0, $3, $3)',
      [owner.userId, 'sealed', clock.now()],
    )
    const signIn = async (age: number) => {
      const token = randomBytes(32).toString('base64url')
      const now = clock.now()
      await change(
        `INSERT INTO sessions (id, token_hash, user_id, workspace_id, method, proven_at, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, 'magic-link', $5, $6, $6, $7)`,
        [
          ids.next(),
          createHash('sha256').update(token).digest('hex'),
          owner.userId,
          a.workspaceId,
          now - age,
          now,
          now + 86_400_000,
        ],
      )
      return { cookie: `levqor_session=${token}`, origin: config.url }
    }
    const idOf = (contractId: string) => {
      if (contractId.startsWith('workspaces.')) return toPublicId('ws', a.workspaceId)
      if (contractId.startsWith('api-keys.')) return a.keyId
      if (contractId.startsWith('auth.passkeys.')) return a.passkeyId
      if (contractId.startsWith('auth.identities.')) return `idn_${'0'.repeat(32)}`
      return toPublicId('usr', viewer.userId)
    }
    const target = (contractId: string) => (contractId === 'workspaces.members.remove' ? member : viewer)
    const seen = new Map<string, readonly string[]>()
    for (const age of [16 * minute, 0]) {
      for (const { contract } of levqorRoutes) {
        const bodyOf = needsProof[contract.id]
        if (!bodyOf) continue
        const body = bodyOf(a)
        const answer = await server.app.inject({
          method: contract.method,
          url: contract.path
            .replace('{id}', idOf(contract.id))
            .replace('{user_id}', toPublicId('usr', target(contract.id).userId)),
          headers: await signIn(age),
          ...(body ? { payload: body } : {}),
        })
        const code = answer.statusCode < 300 ? 'done' : String(answer.json().code)
        seen.set(contract.id, [...(seen.get(contract.id) ?? []), code])
      }
    }
    for (const [id, [old, fresh]] of seen) {
      expect(old, id).toBe('proof_required')
      expect(fresh, id).not.toBe('proof_required')
    }
    expect(seen.size).toBe(Object.keys(needsProof).length)
  }, 60_000)
})
