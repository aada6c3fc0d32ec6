// An installation for the audit tests of all rooms: whatever looks like a secret on the wire is remembered, and preparation is
// told apart from what a test is about.
import { asSystem } from '@levqor/database/system'
import { type TestStore, totpCode, until } from '@levqor/testing'
import { type Answer, testInstallation } from './test-installation.ts'
import { testPeople } from './workspaces/test-people.ts'

export const password = 'correct horse battery staple'
/** Stands in every name that a person gives themselves or a device. */
export const personal = 'Zelda'

export interface AuditRow {
  readonly workspace_id: string
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly action: string
  readonly target_kind: string | null
  readonly target_id: string | null
  readonly details: string
}

// Tokens, keys, recovery codes, codes, the address that an authenticator app is given.
const secretForms = [
  /^[\w-]{43}$/,
  /^lvk_[a-z]+_[A-Za-z0-9]{30,}$/,
  /^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/i,
  /^\d{6}$/,
  /^otpauth:/,
]

export async function auditWorld(store: TestStore, options?: Parameters<typeof testInstallation>[1]) {
  const installation = await testInstallation(store, options)
  const people = await testPeople(installation)
  const { call, clock, rows } = installation
  const { owner, mails, workspaceId } = people
  const secrets = new Set<string>([password])
  let count = 0
  let prepared = 0

  function remember(value: unknown): void {
    if (typeof value === 'string') {
      if (secretForms.some((form) => form.test(value))) secrets.add(value)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(remember)
  }

  /** @throws for whatever was refused */
  async function http(
    method: string,
    path: string,
    body?: unknown,
    jar = new Map<string, string>(),
  ): Promise<Answer> {
    const answer = await call(method, path, { jar, ...(body === undefined ? {} : { body }) })
    remember([body, answer.body, ...jar.values()])
    if (answer.status >= 400)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }

  const newEmail = () => `person${count++}@example.com`

  /** Somebody with a session and a workspace of their own. */
  async function someone() {
    const one = await people.person(newEmail(), undefined, { name: personal })
    const [own] = await rows<{ id: string }>(
      'SELECT workspace_id AS id FROM memberships WHERE user_id = $1',
      [one.id],
    )
    const home = own?.id ?? ''
    // Not after the address, as test-people.ts has it: a workspace's name may be told.
    await asSystem(installation.database).transaction((tx) =>
      tx.run(`UPDATE workspaces SET name = 'Home' WHERE id = $1`, [home]),
    )
    const jar = new Map(one.jar)
    return {
      ...one,
      jar,
      home,
      workspace: `/api/v1/workspaces/ws_${home.replaceAll('-', '')}`,
      do: (method: string, path: string, body?: unknown) => http(method, path, body, jar),
    }
  }

  /** The text of the mail that `act` leads to. */
  async function mailAfter(to: string, act: () => Promise<unknown>): Promise<string> {
    const sent = async () => (await mails(to)).length
    const before = await sent()
    await act()
    await until(async () => (await sent()) > before, { what: `the mail to ${to}` })
    return (await mails(to)).at(-1)?.body_text ?? ''
  }

  function tokenOf(text: string): string {
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
    const confirmed = await me.do('POST', '/api/auth/totp/confirm', { code: totpCode(secret, clock.now()) })
    const recoveryCodes: readonly string[] = confirmed.body.recovery_codes
    // No code is accepted twice.
    clock.advance(30_000)
    return { ...me, code: () => totpCode(secret, clock.now()), recoveryCodes }
  }

  const log = () =>
    rows<AuditRow>(
      'SELECT workspace_id, actor_kind, actor_id, action, target_kind, target_id, details FROM audit_log ORDER BY id',
    )

  const unmailed = () =>
    rows(
      `SELECT id FROM one_time_tokens WHERE token_hash LIKE 'asked:%'
       UNION ALL SELECT id FROM magic_links WHERE token_hash IS NULL`,
    )

  return {
    ...installation,
    http,
    newEmail,
    person: people.person,
    signInElsewhere: people.signIn,
    mails,
    mailAfter,
    tokenOf,
    someone,
    withPassword,
    withTotp,
    operator: {
      id: owner.id,
      home: workspaceId,
      jar: owner.jar,
      do: (method: string, path: string, body?: unknown, jar = new Map(owner.jar)) =>
        http(method, path, body, jar),
    },
    secrets,
    log,
    /** What comes before is preparation. Its mails are made after its answers, so they are waited for. */
    async ready(): Promise<void> {
      await until(async () => (await unmailed()).length === 0, { what: 'all mails' })
      prepared = (await log()).length
    },
    since: async () => (await log()).slice(prepared),
  }
}

export type AuditWorld = Awaited<ReturnType<typeof auditWorld>>
export type Someone = Awaited<ReturnType<AuditWorld['someone']>>
