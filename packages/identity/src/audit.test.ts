// What every write of identity leaves in the audit log, over HTTP: exactly these rows, in the right chain, by whom it was and
// about what, with personal data where it can be erased and no secret at all. The writes come from the route table and the
// chores of `Identity`; one that is not in the table fails the test.
import { createAuditSigner, platformChain, sealAudit, verifyAudit } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import {
  eachStore,
  softAuthenticator,
  startOidcProvider,
  type TestStore,
  totpCode,
  until,
} from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import type { Identity } from './create-identity.ts'
import { identityPolicy } from './identity-policy.ts'
import { testPasskeys } from './passkeys/test-passkeys.ts'
import { googleAt } from './providers/test-providers.ts'
import { identityRoutes } from './routes.ts'
import type { Answer } from './test-installation.ts'

const password = 'correct horse battery staple'
/** Stands in every name that a person gives themselves or a device. */
const personal = 'Zelda'

interface AuditRow {
  readonly workspace_id: string
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly action: string
  readonly target_kind: string | null
  readonly target_id: string | null
  readonly details: string
}

async function world(store: TestStore) {
  const provider = await startOidcProvider({
    redirectUris: ['http://levqor.test/api/auth/oauth/google/callback'],
  })
  const installation = await testPasskeys(store, { providers: [googleAt(provider)] })
  const { call, clock, rows, workspaceId, owner } = installation
  const secrets = new Set<string>([password])
  let count = 0
  let marked = 0

  /** Whatever looks like a secret on the way in or out must never be in the log. */
  function remember(value: unknown): void {
    if (typeof value === 'string') {
      if (
        /^[\w-]{43}$|^lvk_[a-z]+_[A-Za-z0-9]{30,}$|^[a-z0-9]{4}(-[a-z0-9]{4}){3}$|^\d{6}$|^otpauth:/i.test(
          value,
        )
      )
        secrets.add(value)
    } else if (typeof value === 'object' && value !== null)
      for (const each of Object.values(value)) remember(each)
  }
  const http = async (
    method: string,
    path: string,
    body?: unknown,
    jar = new Map<string, string>(),
  ): Promise<Answer> => {
    const answer = await call(method, path, { jar, ...(body === undefined ? {} : { body }) })
    remember(body)
    remember(answer.body)
    for (const value of jar.values()) remember(value)
    if (answer.status >= 400)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }
  const log = () =>
    rows<AuditRow>(
      'SELECT workspace_id, actor_kind, actor_id, action, target_kind, target_id, details FROM audit_log ORDER BY id',
    )
  async function someone() {
    const one = await installation.person(`person${count++}@example.com`, undefined, { name: personal })
    const [home] = await rows<{ id: string }>(
      'SELECT workspace_id AS id FROM memberships WHERE user_id = $1',
      [one.id],
    )
    const ws = `ws_${(home?.id ?? '').replaceAll('-', '')}`
    // The helper names it after the address.
    await asSystem(installation.database).transaction((tx) =>
      tx.run(`UPDATE workspaces SET name = 'Home' WHERE id = $1`, [home?.id ?? '']),
    )
    const jar = new Map(one.jar)
    return {
      ...one,
      jar,
      ws,
      home: home?.id ?? '',
      workspace: `/api/v1/workspaces/${ws}`,
      do: (method: string, path: string, body?: unknown) => http(method, path, body, jar),
    }
  }
  async function mailAfter(to: string, act: () => Promise<unknown>): Promise<string> {
    const count = async () => (await installation.mails(to)).length
    const before = await count()
    await act()
    await until(async () => (await count()) > before, { what: `the mail to ${to}` })
    return (await installation.mails(to)).at(-1)?.body_text ?? ''
  }
  const tokenOf = (text: string) => {
    const token = /#token=([\w-]{43})/.exec(text)?.[1] ?? ''
    secrets.add(token)
    return token
  }
  async function withPassword() {
    const me = await someone()
    const token = tokenOf(
      await mailAfter(me.email, () => http('POST', '/api/auth/forgot-password', { email: me.email })),
    )
    await http('POST', '/api/auth/reset-password', { token, password })
    me.jar.clear()
    await http('POST', '/api/auth/login', { email: me.email, password }, me.jar)
    return me
  }
  async function withTotp() {
    const me = await withPassword()
    const { secret } = (await me.do('POST', '/api/auth/totp/start')).body
    secrets.add(secret)
    const { recovery_codes } = (
      await me.do('POST', '/api/auth/totp/confirm', { code: totpCode(secret, clock.now()) })
    ).body
    clock.advance(30_000)
    return { ...me, code: () => totpCode(secret, clock.now()), recovery_codes }
  }
  async function withPasskey() {
    const me = await someone()
    const authenticator = softAuthenticator({ origin: 'http://levqor.test' })
    const { body } = await installation.add(
      {
        call: (method, path, sent) =>
          call(method, path, { jar: me.jar, ...(sent === undefined ? {} : { body: sent }) }),
      },
      authenticator,
      { name: personal },
    )
    return { ...me, authenticator, passkey: body.id as string }
  }
  async function colleague(of: { readonly home: string }) {
    const email = `person${count++}@example.com`
    return installation.person(email, 'member', { name: personal, workspaceId: of.home })
  }
  async function walk(me: {
    readonly jar: Map<string, string>
    do: Awaited<ReturnType<typeof someone>>['do']
  }) {
    const { authorization_url } = (await me.do('POST', '/api/auth/oauth/google/start', { link: true })).body
    const back = await provider.authorize(authorization_url, {
      sub: `sub-${count++}`,
      email: `${personal.toLowerCase()}@gmail.example`,
      email_verified: true,
      name: personal,
    })
    return () =>
      call('GET', `/api/auth/oauth/google/callback${back.search}`, {
        jar: me.jar,
        headers: {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      })
  }
  return {
    ...installation,
    http,
    someone,
    mailAfter,
    tokenOf,
    withPassword,
    withTotp,
    withPasskey,
    colleague,
    walk,
    log,
    secrets,
    operator: {
      ...owner,
      do: (method: string, path: string, body?: unknown, jar = new Map(owner.jar)) =>
        http(method, path, body, jar),
    },
    firstWorkspaceId: workspaceId,
    /** What comes before is preparation. */
    async ready() {
      // The mails of the preparation are made after their answers.
      await until(
        async () =>
          !(
            await rows<{ n: number }>(
              "SELECT count(*) AS n FROM one_time_tokens WHERE token_hash LIKE 'asked:%'",
            )
          ).some(({ n }) => Number(n) > 0) &&
          !(await rows<{ n: number }>('SELECT count(*) AS n FROM magic_links WHERE token_hash IS NULL')).some(
            ({ n }) => Number(n) > 0,
          ),
        { what: 'all mails' },
      )
      marked = (await log()).length
    },
    since: async () => (await log()).slice(marked),
    async stop() {
      await installation.stop()
      await provider.close()
    },
  }
}

type World = Awaited<ReturnType<typeof world>>
type Someone = Awaited<ReturnType<World['someone']>>
interface Write {
  /** Gives whose doing it is. */
  run(world: World): Promise<Pick<Someone, 'id' | 'home'> | undefined>
}

/**
 * `chain actor action target`. Starting a ceremony of a passkey leaves none: the challenge is a row that nobody can use but who
 * asked for it.
 */
const expectedRows: Readonly<Record<string, readonly string[]>> = {
  'auth.magic-link': [
    'platform anonymous magic_link.requested magic_link',
    'platform system:sign-in magic_link.mailed magic_link',
  ],
  'auth.magic-link.verify': ['own anonymous session.started session'],
  'auth.register': [
    'platform anonymous registration.requested one_time_token',
    'platform system:sign-in one_time_token.mailed one_time_token',
  ],
  'auth.verify-email': ['new anonymous user.created user'],
  'auth.login': ['own anonymous session.started session'],
  'auth.forgot-password': [
    'platform anonymous password.forgotten one_time_token',
    'platform system:sign-in one_time_token.mailed one_time_token',
  ],
  'auth.reset-password': ['platform anonymous password.reset user'],
  'auth.password.change': ['platform me password.changed user'],
  'auth.sessions.name': ['platform me session.named session'],
  'auth.sessions.end': ['own me session.ended session'],
  'auth.sessions.end-others': ['platform me session.others_ended user'],
  'auth.logout': ['own me session.ended session'],
  'api-keys.create': ['own me api_key.created api_key'],
  'api-keys.change': ['own me api_key.changed api_key'],
  'api-keys.rotate': ['own me api_key.rotated api_key'],
  'api-keys.revoke': ['own me api_key.revoked api_key'],
  'api-keys.report': ['own anonymous api_key.reported api_key'],
  'auth.totp.start': ['platform me totp.started user'],
  'auth.totp.confirm': ['platform me totp.confirmed user'],
  'auth.totp.end': ['platform me totp.ended user'],
  'auth.totp.recovery-codes': ['platform me recovery_codes.renewed user'],
  'auth.second-factor.verify': [
    'own anonymous session.started session',
    'platform anonymous recovery_code.used user',
  ],
  'auth.proof.give': ['platform me session.proven session'],
  'auth.proof.mail': ['platform me proof_code.mailed session'],
  'auth.passkeys.register.start': [],
  'auth.passkeys.register.finish': ['platform me passkey.added passkey'],
  'auth.passkeys.rename': ['platform me passkey.renamed passkey'],
  'auth.passkeys.remove': ['platform me passkey.removed passkey'],
  'auth.passkeys.sign-in.start': [],
  'auth.passkeys.sign-in.finish': ['own anonymous session.started session'],
  'auth.passkeys.second-factor.start': [],
  'auth.passkeys.second-factor.finish': ['own anonymous session.started session'],
  'auth.passkeys.proof.start': [],
  'auth.passkeys.proof.finish': ['platform me session.proven session'],
  'auth.oauth.start': ['platform anonymous provider_sign_in.started one_time_token'],
  'auth.oauth.callback': [
    'platform anonymous identity.linked external_identity',
    'platform system:sign-in provider_sign_in.answered one_time_token',
  ],
  'auth.identities.unlink': ['platform me identity.unlinked external_identity'],
  'workspaces.create': ['new me workspace.created workspace'],
  'workspaces.rename': ['own me workspace.renamed workspace'],
  'workspaces.switch': ['new me session.workspace_switched session'],
  'workspaces.leave': ['new me workspace.created workspace', 'own me member.left user'],
  'workspaces.transfer': [
    'own me member.role_changed user',
    'own me member.role_changed user',
    'own me workspace.transferred workspace',
  ],
  'workspaces.members.change-role': ['own me member.role_changed user'],
  'workspaces.members.remove': ['new me workspace.created workspace', 'own me member.removed user'],
  'workspaces.invitations.create': ['own me invitation.created invitation'],
  'workspaces.invitations.withdraw': ['own me invitation.withdrawn invitation'],
  'workspaces.invitations.resend': ['own me invitation.resent invitation'],
  'workspaces.invitations.accept': ['own me invitation.accepted invitation'],
  'auth.me.change': ['platform me user.profile_changed user'],
  'auth.email.request': [
    'platform me email.change_requested user',
    'platform system:sign-in one_time_token.mailed one_time_token',
    'platform system:sign-in one_time_token.mailed one_time_token',
  ],
  'auth.email.withdraw': ['platform me email.change_withdrawn user'],
  'auth.email.confirm': [
    'platform anonymous email.change_confirmed user',
    'platform anonymous email.changed user',
  ],
  'auth.email.stop': ['platform anonymous email.change_stopped user'],
  'auth.account.delete': ['platform me account.deletion_requested user'],
  'auth.account.keep': ['platform me account.deletion_undone user'],
  'users.upsert': ['new me user.created user'],
  'users.change': ['platform me account.closed user', 'platform me user.changed user'],
  'admin.impersonate.start': ['new me impersonation.started user'],
  'admin.impersonate.stop': ['new anonymous impersonation.ended user'],
  endRotatedKeys: ['own system:maintenance api_key.revoked api_key'],
  endImpersonations: ['new system:maintenance impersonation.ended user'],
  closeDueAccounts: [
    'platform system:maintenance account.closed user',
    'platform system:maintenance account.closed user',
  ],
}

/** As the person itself. */
const by =
  (
    prepare: (world: World) => Promise<Someone>,
    method: string,
    path: (me: Someone) => string,
    body?: unknown,
  ): Write['run'] =>
  async (world) => {
    const me = await prepare(world)
    await world.ready()
    await me.do(method, path(me), body)
    return me
  }
const some = (world: World) => world.someone()
const at = (path: string) => () => path

const writes: Readonly<Record<string, Write>> = {
  'auth.magic-link': {
    async run({ someone, ready, http, mailAfter }) {
      const me = await someone()
      await ready()
      await mailAfter(me.email, () => http('POST', '/api/auth/magic-link', { email: me.email }))
      return me
    },
  },
  'auth.magic-link.verify': {
    async run({ someone, ready, http, mailAfter, tokenOf }) {
      const me = await someone()
      const jar = new Map<string, string>()
      const token = tokenOf(
        await mailAfter(me.email, () => http('POST', '/api/auth/magic-link', { email: me.email }, jar)),
      )
      await ready()
      await http('POST', '/api/auth/magic-link/verify', { token }, jar)
      return me
    },
  },
  'auth.register': {
    async run({ ready, http, mailAfter }) {
      await ready()
      await mailAfter('new1@example.com', () =>
        http('POST', '/api/auth/register', { email: 'new1@example.com', password, name: personal }),
      )
      return undefined
    },
  },
  'auth.verify-email': {
    async run({ ready, http, mailAfter, tokenOf }) {
      const body = { email: 'new2@example.com', password, name: personal }
      const jar = new Map<string, string>()
      const token = tokenOf(await mailAfter(body.email, () => http('POST', '/api/auth/register', body, jar)))
      await ready()
      await http('POST', '/api/auth/verify-email', { token }, jar)
      return undefined
    },
  },
  'auth.login': {
    async run({ withPassword, ready, http }) {
      const me = await withPassword()
      await ready()
      await http('POST', '/api/auth/login', { email: me.email, password })
      return me
    },
  },
  'auth.forgot-password': {
    async run({ someone, ready, http, mailAfter }) {
      const me = await someone()
      await ready()
      await mailAfter(me.email, () => http('POST', '/api/auth/forgot-password', { email: me.email }))
      return me
    },
  },
  'auth.reset-password': {
    async run({ someone, ready, http, mailAfter, tokenOf }) {
      const me = await someone()
      const token = tokenOf(
        await mailAfter(me.email, () => http('POST', '/api/auth/forgot-password', { email: me.email })),
      )
      await ready()
      await http('POST', '/api/auth/reset-password', { token, password })
      return me
    },
  },
  'auth.password.change': {
    run: by((world) => world.withPassword(), 'POST', at('/api/auth/password'), {
      current: password,
      password: `${password} 2`,
    }),
  },
  'auth.sessions.name': {
    run: by(some, 'PATCH', ({ sessionId }) => `/api/auth/sessions/ses_${sessionId.replaceAll('-', '')}`, {
      name: personal,
    }),
  },
  'auth.sessions.end': {
    async run({ someone, signInElsewhere, ready }) {
      const me = await someone()
      const other = await signInElsewhere(me.id, me.home)
      await ready()
      await me.do('DELETE', `/api/auth/sessions/ses_${other.sessionId.replaceAll('-', '')}`)
      return me
    },
  },
  'auth.sessions.end-others': {
    async run({ someone, signInElsewhere, ready }) {
      const me = await someone()
      await signInElsewhere(me.id, me.home)
      await ready()
      await me.do('POST', '/api/auth/sessions/end-others')
      return me
    },
  },
  'auth.logout': { run: by(some, 'POST', at('/api/auth/logout')) },
  'api-keys.create': {
    run: by(some, 'POST', at('/api/v1/api-keys'), { name: 'CI', allowed_addresses: ['192.0.2.7'] }),
  },
  ...Object.fromEntries(
    (
      [
        ['api-keys.change', 'PATCH', '', { name: 'CD', allowed_addresses: ['192.0.2.0/24'] }],
        ['api-keys.rotate', 'POST', '/rotate', { overlap_minutes: 0, allowed_addresses: ['192.0.2.7'] }],
        ['api-keys.revoke', 'DELETE', '', undefined],
      ] as const
    ).map(([id, method, path, body]): [string, Write] => [
      id,
      {
        async run({ someone, ready }) {
          const me = await someone()
          const key = (await me.do('POST', '/api/v1/api-keys', { name: 'CI' })).body
          await ready()
          await me.do(method, `/api/v1/api-keys/${key.id}${path}`, body)
          return me
        },
      },
    ]),
  ),
  'api-keys.report': {
    async run({ someone, ready, http }) {
      const me = await someone()
      const key = (await me.do('POST', '/api/v1/api-keys', { name: 'CI' })).body.secret
      await ready()
      await http('POST', '/api/v1/api-keys/report', { key })
      return me
    },
  },
  'auth.totp.start': { run: by(some, 'POST', at('/api/auth/totp/start')) },
  'auth.totp.confirm': {
    async run({ someone, ready, clock, secrets }) {
      const me = await someone()
      const { secret } = (await me.do('POST', '/api/auth/totp/start')).body
      secrets.add(secret)
      await ready()
      await me.do('POST', '/api/auth/totp/confirm', { code: totpCode(secret, clock.now()) })
      return me
    },
  },
  'auth.totp.end': {
    async run({ withTotp, ready }) {
      const me = await withTotp()
      await ready()
      await me.do('DELETE', '/api/auth/totp', { code: me.code() })
      return me
    },
  },
  'auth.totp.recovery-codes': {
    run: by((world) => world.withTotp(), 'POST', at('/api/auth/totp/recovery-codes')),
  },
  'auth.second-factor.verify': {
    async run({ withTotp, ready, http }) {
      const me = await withTotp()
      const jar = new Map<string, string>()
      await http('POST', '/api/auth/login', { email: me.email, password }, jar)
      await ready()
      await http('POST', '/api/auth/second-factor', { code: me.recovery_codes[0] }, jar)
      return me
    },
  },
  'auth.proof.give': {
    run: by((world) => world.withPassword(), 'POST', at('/api/auth/proof'), { password }),
  },
  'auth.proof.mail': { run: by(some, 'POST', at('/api/auth/proof/mail')) },
  'auth.passkeys.register.start': {
    run: by(some, 'POST', at('/api/auth/passkeys/register/start')),
  },
  'auth.passkeys.register.finish': {
    async run({ someone, ready }) {
      const me = await someone()
      const { options } = (await me.do('POST', '/api/auth/passkeys/register/start')).body
      const response = softAuthenticator({ origin: 'http://levqor.test' }).create(options)
      await ready()
      await me.do('POST', '/api/auth/passkeys/register/finish', { name: personal, response })
      return me
    },
  },
  'auth.passkeys.rename': {
    async run({ withPasskey, ready }) {
      const me = await withPasskey()
      await ready()
      await me.do('PATCH', `/api/auth/passkeys/${me.passkey}`, { name: `${personal} 2` })
      return me
    },
  },
  'auth.passkeys.remove': {
    async run({ withPasskey, ready }) {
      const me = await withPasskey()
      await ready()
      await me.do('DELETE', `/api/auth/passkeys/${me.passkey}`)
      return me
    },
  },
  'auth.passkeys.sign-in.start': {
    async run({ ready, http }) {
      await ready()
      await http('POST', '/api/auth/passkeys/sign-in/start')
      return undefined
    },
  },
  'auth.passkeys.sign-in.finish': {
    async run({ withPasskey, ready, http }) {
      const me = await withPasskey()
      const jar = new Map<string, string>()
      const { options } = (await http('POST', '/api/auth/passkeys/sign-in/start', undefined, jar)).body
      await ready()
      await http(
        'POST',
        '/api/auth/passkeys/sign-in/finish',
        { response: me.authenticator.get(options) },
        jar,
      )
      return me
    },
  },
  ...Object.fromEntries(
    (['start', 'finish'] as const).map((step): [string, Write] => [
      `auth.passkeys.second-factor.${step}`,
      {
        async run({ withTotp, add, ready, http, call }) {
          const me = await withTotp()
          const authenticator = softAuthenticator({ origin: 'http://levqor.test' })
          await add(
            { call: (method, path, body) => call(method, path, { jar: me.jar, body }) },
            authenticator,
          )
          const jar = new Map<string, string>()
          await http('POST', '/api/auth/login', { email: me.email, password }, jar)
          if (step === 'start') await ready()
          const { options } = (await http('POST', '/api/auth/passkeys/second-factor/start', undefined, jar))
            .body
          if (step === 'start') return me
          await ready()
          await http(
            'POST',
            '/api/auth/passkeys/second-factor/finish',
            { response: authenticator.get(options) },
            jar,
          )
          return me
        },
      },
    ]),
  ),
  'auth.passkeys.proof.start': {
    run: by((world) => world.withPasskey(), 'POST', at('/api/auth/passkeys/proof/start')),
  },
  'auth.passkeys.proof.finish': {
    async run({ withPasskey, ready }) {
      const me = await withPasskey()
      const { options } = (await me.do('POST', '/api/auth/passkeys/proof/start')).body
      await ready()
      await me.do('POST', '/api/auth/passkeys/proof/finish', { response: me.authenticator.get(options) })
      return me
    },
  },
  'auth.oauth.start': {
    async run({ someone, ready }) {
      const me = await someone()
      await ready()
      await me.do('POST', '/api/auth/oauth/google/start', { link: true })
      return me
    },
  },
  'auth.oauth.callback': {
    async run({ someone, walk, ready }) {
      const me = await someone()
      const back = await walk(me)
      await ready()
      expect((await back()).headers.get('location')).not.toContain('problem')
      return me
    },
  },
  'auth.identities.unlink': {
    async run({ someone, walk, ready }) {
      const me = await someone()
      await (await walk(me))()
      const [identity] = (await me.do('GET', '/api/auth/identities')).body.items
      await ready()
      await me.do('DELETE', `/api/auth/identities/${identity.id}`)
      return me
    },
  },
  'workspaces.create': { run: by(some, 'POST', at('/api/v1/workspaces'), { name: 'Second' }) },
  'workspaces.rename': { run: by(some, 'PATCH', ({ workspace }) => workspace, { name: 'Other' }) },
  'workspaces.switch': {
    async run({ someone, ready }) {
      const me = await someone()
      const made = (await me.do('POST', '/api/v1/workspaces', { name: 'Second' })).body
      await ready()
      await me.do('POST', `/api/v1/workspaces/${made.id}/switch`)
      return me
    },
  },
  'workspaces.leave': {
    async run({ someone, colleague, ready, http }) {
      const boss = await someone()
      const me = await colleague(boss)
      await ready()
      await http('POST', `${boss.workspace}/leave`, undefined, new Map(me.jar))
      return { id: me.id, home: boss.home }
    },
  },
  'workspaces.transfer': {
    async run({ someone, colleague, ready }) {
      const me = await someone()
      const heir = await colleague(me)
      await ready()
      await me.do('POST', `${me.workspace}/transfer`, { user_id: heir.publicId })
      return me
    },
  },
  'workspaces.members.change-role': {
    async run({ someone, colleague, ready }) {
      const me = await someone()
      const other = await colleague(me)
      await ready()
      await me.do('PATCH', `${me.workspace}/members/${other.publicId}`, { role: 'viewer' })
      return me
    },
  },
  'workspaces.members.remove': {
    async run({ someone, colleague, ready }) {
      const me = await someone()
      const other = await colleague(me)
      await ready()
      await me.do('DELETE', `${me.workspace}/members/${other.publicId}`)
      return me
    },
  },
  'workspaces.invitations.create': {
    run: by(some, 'POST', ({ workspace }) => `${workspace}/invitations`, {
      email: 'guest@example.com',
      role: 'viewer',
    }),
  },
  ...Object.fromEntries(
    (
      [
        ['withdraw', 'DELETE', ''],
        ['resend', 'POST', '/resend'],
      ] as const
    ).map(([name, method, path]): [string, Write] => [
      `workspaces.invitations.${name}`,
      {
        async run({ someone, ready }) {
          const me = await someone()
          const body = { email: `${name}@example.com`, role: 'viewer' }
          const { id } = (await me.do('POST', `${me.workspace}/invitations`, body)).body
          await ready()
          await me.do(method, `${me.workspace}/invitations/${id}${path}`)
          return me
        },
      },
    ]),
  ),
  'workspaces.invitations.accept': {
    async run({ someone, mailAfter, tokenOf, ready }) {
      const host = await someone()
      const me = await someone()
      const body = { email: me.email, role: 'viewer' }
      const token = tokenOf(
        await mailAfter(me.email, () => host.do('POST', `${host.workspace}/invitations`, body)),
      )
      await ready()
      await me.do('POST', '/api/v1/workspaces/invitations/accept', { token })
      return { id: me.id, home: host.home }
    },
  },
  'auth.me.change': {
    run: by(some, 'PATCH', at('/api/auth/me'), { name: `${personal} 2`, locale: 'sv' }),
  },
  'auth.email.request': {
    async run({ someone, mailAfter, ready }) {
      const me = await someone()
      await ready()
      await mailAfter('other1@example.com', () =>
        me.do('POST', '/api/auth/email', { email: 'other1@example.com' }),
      )
      return me
    },
  },
  'auth.email.withdraw': {
    async run({ someone, mailAfter, ready }) {
      const me = await someone()
      await mailAfter('other2@example.com', () =>
        me.do('POST', '/api/auth/email', { email: 'other2@example.com' }),
      )
      await ready()
      await me.do('DELETE', '/api/auth/email')
      return me
    },
  },
  ...Object.fromEntries(
    (['confirm', 'stop'] as const).map((step): [string, Write] => [
      `auth.email.${step}`,
      {
        async run({ someone, mailAfter, mails, tokenOf, ready, http }) {
          const me = await someone()
          const email = `${step}@example.com`
          const fresh = tokenOf(await mailAfter(email, () => me.do('POST', '/api/auth/email', { email })))
          await until(async () => (await mails(me.email)).length > 0, { what: 'the other mail' })
          const old = tokenOf((await mails(me.email)).at(-1)?.body_text ?? '')
          if (step === 'confirm') await http('POST', '/api/auth/email/confirm', { token: fresh })
          await ready()
          await http('POST', `/api/auth/email/${step}`, { token: old })
          return me
        },
      },
    ]),
  ),
  'auth.account.delete': { run: by(some, 'POST', at('/api/auth/account/deletion')) },
  'auth.account.keep': {
    async run({ someone, ready }) {
      const me = await someone()
      await me.do('POST', '/api/auth/account/deletion')
      await ready()
      await me.do('DELETE', '/api/auth/account/deletion')
      return me
    },
  },
  'users.upsert': {
    async run({ operator, ready, firstWorkspaceId }) {
      await ready()
      await operator.do('POST', '/api/v1/users/upsert', { email: 'made@example.com', name: personal })
      return { id: operator.id, home: firstWorkspaceId }
    },
  },
  'users.change': {
    async run({ someone, operator, ready, firstWorkspaceId }) {
      const other = await someone()
      await ready()
      await operator.do('PATCH', `/api/v1/users/${other.publicId}`, {
        status: 'disabled',
        name: `${personal} 2`,
      })
      return { id: operator.id, home: firstWorkspaceId }
    },
  },
  ...Object.fromEntries(
    (['start', 'stop'] as const).map((step): [string, Write] => [
      `admin.impersonate.${step}`,
      {
        async run({ someone, operator, ready, firstWorkspaceId }) {
          const other = await someone()
          const jar = new Map(operator.jar)
          if (step === 'start') await ready()
          const body = { user_id: other.publicId, reason: `${personal} asked for help.` }
          await operator.do('POST', '/api/admin/impersonate', body, jar)
          if (step === 'stop') {
            await ready()
            await operator.do('DELETE', '/api/admin/impersonate', undefined, jar)
          }
          return { id: operator.id, home: firstWorkspaceId }
        },
      },
    ]),
  ),
}

/** The chores that `Identity` offers; a new one must be added here to compile. */
type Chore = { [K in keyof Identity]: Identity[K] extends () => Promise<number> ? K : never }[keyof Identity]

const chores: Readonly<Record<Chore, Write>> = {
  endRotatedKeys: {
    async run({ someone, ready, clock, identity }) {
      const me = await someone()
      const key = (await me.do('POST', '/api/v1/api-keys', { name: 'CI' })).body
      await me.do('POST', `/api/v1/api-keys/${key.id}/rotate`, { overlap_minutes: 15 })
      await ready()
      clock.advance(15 * 60_000 + 1)
      expect(await identity.endRotatedKeys()).toBe(1)
      return me
    },
  },
  endImpersonations: {
    async run({ someone, operator, signInElsewhere, firstWorkspaceId, ready, clock, identity }) {
      const other = await someone()
      // The first session's proof is too old by now.
      const { jar } = await signInElsewhere(operator.id, firstWorkspaceId)
      const body = { user_id: other.publicId, reason: `${personal} asked for help.` }
      await operator.do('POST', '/api/admin/impersonate', body, new Map(jar))
      await ready()
      clock.advance(identityPolicy.impersonationMs + 1)
      expect(await identity.endImpersonations()).toBe(1)
      return { id: operator.id, home: firstWorkspaceId }
    },
  },
  closeDueAccounts: {
    async run({ someone, ready, clock, identity }) {
      const me = await someone()
      await me.do('POST', '/api/auth/account/deletion')
      await ready()
      clock.advance(identityPolicy.deletionGraceMs + 1)
      // And the one that asked for it further above.
      expect(await identity.closeDueAccounts()).toBe(2)
      return me
    },
  },
}

it('every write of the route table is in the table', () => {
  const ids = identityRoutes.filter(({ verb }) => verb.kind === 'write').map(({ contract }) => contract.id)
  expect(Object.keys(writes).sort()).toEqual(ids.sort())
})

/** Where the targets of the log live. */
const tables: Readonly<Record<string, string>> = {
  user: 'users',
  session: 'sessions',
  api_key: 'api_keys',
  workspace: 'workspaces',
  invitation: 'invitations',
  magic_link: 'magic_links',
  one_time_token: 'one_time_tokens',
  passkey: 'passkeys',
  external_identity: 'external_identities',
}

eachStore((store) => {
  let current: World
  afterEach(() => current.stop())

  it('each leaves exactly its rows, with whom, what and where right, nothing personal outside its place and no secret', async () => {
    current = await world(store)
    const { rows, since, secrets, firstWorkspaceId, log, database, clock } = current
    const found: Record<string, string[]> = {}
    for (const [id, write] of [...Object.entries(writes), ...Object.entries(chores)]) {
      const who = await write.run(current)
      const chainOf = (workspaceId: string) => {
        if (workspaceId === platformChain) return 'platform'
        if (workspaceId === who?.home) return 'own'
        return workspaceId === firstWorkspaceId ? 'first' : 'new'
      }
      const actorOf = ({ actor_kind: kind, actor_id: actor }: AuditRow) =>
        kind === 'user' || kind === 'impersonation'
          ? `${kind === 'user' ? '' : `${kind}:`}${actor === who?.id ? 'me' : `somebody else ${actor}`}`
          : [kind, actor].filter(Boolean).join(':')
      await until(async () => (await since()).length >= (expectedRows[id]?.length ?? 0), {
        what: `the rows of ${id}`,
      })
      const told = await since()
      found[id] = told
        .map((row) => [chainOf(row.workspace_id), actorOf(row), row.action, row.target_kind ?? '–'].join(' '))
        .sort()
      for (const { action, target_kind: kind, target_id: target } of told) {
        const table = tables[kind ?? '']
        expect(table, `${id}: ${kind}`).toBeDefined()
        if (/^(passkey\.removed|identity\.unlinked)$/.test(action)) continue
        expect(
          await rows(`SELECT id FROM ${table} WHERE id = $1`, [target ?? '']),
          `${id}: target of ${action}`,
        ).toHaveLength(1)
      }
    }
    expect(found).toEqual(expectedRows)
    for (const row of await log()) {
      const open = JSON.stringify(row)
      expect(open).not.toMatch(/@|\d+\.\d+\.\d+\.\d+/)
      expect(open).not.toContain(personal)
    }
    const everything = JSON.stringify(await rows('SELECT * FROM audit_log'))
    expect(secrets.size).toBeGreaterThan(50)
    for (const secret of secrets) {
      // Six digits in a row are in many an identifier.
      const written = /^\d{6}$/.test(secret) ? `"${secret}"` : secret
      expect(everything.includes(written), `a secret like ${secret.slice(0, 6)}…`).toBe(false)
    }
    const signer = createAuditSigner('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo')
    const system = asSystem(database)
    expect(await sealAudit(system, signer, clock)).toBeGreaterThan(100)
    expect(await verifyAudit(system, signer)).toMatchObject({ ok: true, problems: [], unsealed: 0 })
  }, 180_000)
})
