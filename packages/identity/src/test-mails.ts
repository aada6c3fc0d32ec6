// Every mail of identity, caused through the real routes and fetched from a real mail server.
import { createJobStore, createRunner } from '@levqor/jobs'
import { createMailTask, mailQueue, openMailTransport } from '@levqor/mail'
import {
  type ReceivedMail,
  smtpForTests,
  softAuthenticator,
  startOidcProvider,
  type TestStore,
  totpCode,
  until,
} from '@levqor/testing'
import { identityPolicy } from './identity-policy.ts'
import { testPasskeys } from './passkeys/test-passkeys.ts'
import { googleAt } from './providers/test-providers.ts'
import type { Answer } from './test-installation.ts'

export const mailbox = 'Levqor <noreply@levqor.example>'
/** Nothing in a name may be read as markup, as a header or as another sentence. */
export const trickyName = 'Eve <b onclick="x">& \'Co\'</b> ☃'

/** The tokens of a mail's links, in order. */
export function linksOf(mail: ReceivedMail): URL[] {
  return (mail.parsed.text?.match(/https?:\/\/\S+/g) ?? []).map((link) => new URL(link))
}

const tokenIn = (mail: ReceivedMail | undefined): string =>
  (mail && linksOf(mail)[0]?.hash.match(/#token=([\w-]+)/)?.[1]) ?? ''
const codeIn = (mail: ReceivedMail | undefined): string =>
  mail?.parsed.text?.match(/(?<!\d)\d{6}(?!\d)/)?.[0] ?? ''

/** Every kind by name, with its mail. A link or code that is due has been used, and did what it says. */
export async function everyMail(store: TestStore) {
  const smtp = await smtpForTests()
  const provider = await startOidcProvider({
    redirectUris: ['http://levqor.test/api/auth/oauth/google/callback'],
  })
  const installation = await testPasskeys(store, { providers: [googleAt(provider)] })
  const { clock, database, call, identity, owner, ws, person, signInElsewhere } = installation
  const runner = createRunner({
    store: createJobStore({ database, clock, ids: database.ids }),
    tasks: [
      createMailTask({
        database,
        transport: openMailTransport({ smtpUrl: smtp.url, from: mailbox }),
        clock,
      }),
    ],
    queues: [mailQueue],
    pollMs: 20,
  })
  runner.start()
  const mails = new Map<string, ReceivedMail>()

  /** What `act` causes, one mail for each kind, in the order of their subjects where several come at once. */
  async function caused(kinds: readonly string[], act: () => Promise<Answer | unknown>): Promise<void> {
    const before = smtp.messages.length
    const answer = await act()
    if (isAnswer(answer) && answer.status >= 400 && !kinds.some((kind) => kind.includes('refused')))
      throw new Error(`${kinds.join()}: ${answer.status} ${JSON.stringify(answer.body)}`)
    await until(() => smtp.messages.length >= before + kinds.length, { what: kinds.join(', ') })
    const came = smtp.messages
      .slice(before)
      .sort(
        (a, b) =>
          String(a.parsed.subject).localeCompare(String(b.parsed.subject)) ||
          a.to.join().localeCompare(b.to.join()),
      )
    kinds.forEach((kind, i) => {
      const mail = came[i]
      if (mail) mails.set(kind, mail)
    })
  }
  function need(what: string, answer: Answer, status = 200): Answer {
    if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }
  const post = (path: string, body: unknown, jar?: Map<string, string>) =>
    call('POST', path, { body, ...(jar ? { jar } : {}) })
  const password = 'correct horse battery staple'
  const workspace = `/api/v1/workspaces/${ws}`

  // Names that others get to read.
  need('name', await owner.call('PATCH', '/api/auth/me', { name: trickyName }))
  need('rename', await owner.call('PATCH', workspace, { name: trickyName }))

  // Registering, passwords, links.
  const email = 'ada@example.com'
  const registering = new Map<string, string>()
  const register = () => post('/api/auth/register', { email, password, name: 'Ada' }, registering)
  await caused(['register'], register)
  need('verify', await post('/api/auth/verify-email', { token: tokenIn(mails.get('register')) }, registering))
  await caused(['register again'], register)
  await caused(['forgot password'], () => post('/api/auth/forgot-password', { email }))
  await caused(['password reset'], () =>
    post('/api/auth/reset-password', {
      token: tokenIn(mails.get('forgot password')),
      password: `${password} 2`,
    }),
  )
  const jar = new Map<string, string>()
  need('login', await post('/api/auth/login', { email, password: `${password} 2` }, jar))
  await caused(['session copied'], async () => {
    const program = { email, password: `${password} 2`, transport: 'bearer' }
    const { refresh_token } = need('bearer', await post('/api/auth/login', program)).body
    need('renew', await post('/api/auth/refresh', { refresh_token }))
    clock.advance(identityPolicy.refreshReuseMs + 1)
    need('renew a second time', await post('/api/auth/refresh', { refresh_token }), 401)
  })
  await caused(['password changed'], () =>
    post('/api/auth/password', { current: `${password} 2`, password }, jar),
  )
  const linkJar = new Map<string, string>()
  await caused(['sign-in link'], () => post('/api/auth/magic-link', { email }, linkJar))
  need(
    'link',
    await post('/api/auth/magic-link/verify', { token: tokenIn(mails.get('sign-in link')) }, linkJar),
  )
  await caused(['sign-in link by code'], () => post('/api/auth/magic-link', { email }, linkJar))
  const byCode = mails.get('sign-in link by code')
  need('code', await post('/api/auth/magic-link/verify', { token: tokenIn(byCode), code: codeIn(byCode) }))

  // A second factor.
  const { secret } = need('totp', await post('/api/auth/totp/start', {}, jar)).body
  const code = () => totpCode(secret, clock.now())
  let recovery: string[] = []
  await caused(['second factor on'], async () => {
    recovery = need('confirm', await post('/api/auth/totp/confirm', { code: code() }, jar)).body
      .recovery_codes
  })
  const second = new Map<string, string>()
  need('first factor', await post('/api/auth/login', { email, password }, second))
  await caused(['recovery code used'], () => post('/api/auth/second-factor', { code: recovery[0] }, second))
  await caused(['new recovery codes'], () => call('POST', '/api/auth/totp/recovery-codes', { jar }))
  clock.advance(30_000)
  await caused(['second factor off'], () => call('DELETE', '/api/auth/totp', { body: { code: code() }, jar }))

  // A proof by mail, for who has no password.
  const bob = await person('bob@example.com', 'member', { name: 'Bob' })
  await caused(['proof code'], () => bob.call('POST', '/api/auth/proof/mail'))
  need('proof', await bob.call('POST', '/api/auth/proof', { mail_code: codeIn(mails.get('proof code')) }))

  // Passkeys.
  const authenticator = softAuthenticator({ origin: 'http://levqor.test' })
  let passkey = ''
  await caused(['passkey added'], async () => {
    passkey = need('passkey', await installation.add(bob, authenticator, { name: trickyName }), 201).body.id
  })
  need('passkey sign-in', await installation.signIn(authenticator))
  await caused(['passkey refused'], () => installation.signIn(authenticator, { counter: 1 }))
  await caused(['passkey removed'], () => bob.call('DELETE', `/api/auth/passkeys/${passkey}`))

  // A provider.
  await caused(['provider linked'], async () => {
    const walking = new Map(bob.jar)
    const started = need('start', await post('/api/auth/oauth/google/start', { link: true }, walking))
    const back = await provider.authorize(started.body.authorization_url, {
      sub: 'bob',
      email: 'bob@gmail.example',
      email_verified: true,
      name: 'Bob',
    })
    return call('GET', `/api/auth/oauth/google/callback${back.search}`, {
      jar: walking,
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    })
  })
  const identities = need('identities', await bob.call('GET', '/api/auth/identities')).body.items
  await caused(['provider removed'], () => bob.call('DELETE', `/api/auth/identities/${identities[0].id}`))

  // Members and invitations.
  const members = `${workspace}/members/${bob.publicId}`
  await caused(['role changed'], () => owner.call('PATCH', members, { role: 'admin' }))
  await caused(['owner now'], () => owner.call('PATCH', members, { role: 'owner' }))
  await caused(['removed'], () => owner.call('DELETE', members))
  await caused(['invitation'], () =>
    owner.call('POST', `${workspace}/invitations`, { email: bob.email, role: 'viewer' }),
  )
  const again = await signInElsewhere(bob.id, await homeOf(bob.id))
  need(
    'accept',
    await again.call('POST', '/api/v1/workspaces/invitations/accept', {
      token: tokenIn(mails.get('invitation')),
    }),
  )

  // A leaked key.
  const key = need('key', await owner.call('POST', '/api/v1/api-keys', { name: trickyName }), 201).body.secret
  await caused(['key reported'], () => post('/api/v1/api-keys/report', { key }))

  // Another address.
  const eve = await person('eve@example.com', undefined, { name: 'Eve' })
  await caused(['leave the old address', 'confirm the new address'], () =>
    eve.call('POST', '/api/auth/email', { email: 'eve@new.example' }),
  )
  // Sorted by subject: “Confirm that …” comes before “Confirm this …”.
  need('old', await post('/api/auth/email/confirm', { token: tokenIn(mails.get('leave the old address')) }))
  await caused(['address changed, to the old one', 'address changed, to the new one'], () =>
    post('/api/auth/email/confirm', { token: tokenIn(mails.get('confirm the new address')) }),
  )
  await caused(['leave again', 'the new address is taken'], () =>
    eve.call('POST', '/api/auth/email', { email: owner.email }),
  )
  need('stop', await post('/api/auth/email/stop', { token: tokenIn(mails.get('leave again')) }))

  // An operator, and the end of an account.
  const kim = await person('kim@example.com', undefined, { name: 'Kim' })
  await caused(['operator looks'], () =>
    post(
      '/api/admin/impersonate',
      { user_id: kim.publicId, reason: `Asked for help.\nReply-To: ${trickyName}` },
      new Map(owner.jar),
    ),
  )
  await caused(['deletion asked for'], () => kim.call('POST', '/api/auth/account/deletion'))
  await caused(['deletion undone'], () => kim.call('DELETE', '/api/auth/account/deletion'))
  await caused(['deletion asked for again'], () => kim.call('POST', '/api/auth/account/deletion'))
  await person('lee@example.com', 'member', { workspaceId: await homeOf(kim.id) })
  clock.advance(identity.services.identity.policy.deletionGraceMs + 1)
  await caused(['deletion refused'], () => identity.closeDueAccounts())

  async function homeOf(userId: string): Promise<string> {
    const [row] = await installation.rows<{ id: string }>(
      'SELECT workspace_id AS id FROM memberships WHERE user_id = $1',
      [userId],
    )
    return row?.id ?? ''
  }

  return {
    mails,
    received: smtp.messages,
    installation,
    async stop() {
      await runner.stop({ handBackAfterMs: 0 })
      await installation.stop()
      await provider.close()
      await smtp.close()
    },
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value
}
