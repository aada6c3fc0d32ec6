// A mailbox is not flooded from here: so many mails of each kind within an hour, or the lifetime of what is mailed where that
// is shorter, invitations within a day, to the millisecond.
import { randomUUID } from 'node:crypto'
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from './identity-policy.ts'
import { type TwoSteps, twoSteps } from './second-factor/test-two-steps.ts'
import { type TestInstallation, testInstallation } from './test-installation.ts'
import { type People, testPeople } from './workspaces/test-people.ts'

interface Parts extends Pick<TestInstallation, 'identity'>, TwoSteps {
  readonly people: People
  readonly ada: { readonly id: string; readonly workspaceId: string }
}

interface Kind {
  readonly subject: RegExp
  readonly to: string
  readonly withinMs: number
  readonly most: number
  ask(parts: Parts): Promise<unknown>
}

const email = 'ada@example.com'
const { mailsPerAddress, mailsWindowMs, linksPerAddress, invitationMailsPerMailbox } = identityPolicy

async function askForAddress({ people, ada }: Parts): Promise<void> {
  // The proof of who asks holds for a shorter time than the change.
  const { call } = await people.signIn(ada.id, ada.workspaceId)
  expect((await call('POST', '/api/auth/email', { email: 'new@example.com' })).status).toBe(202)
}

const kinds: Readonly<Record<string, Kind>> = {
  'to register': {
    subject: /^Confirm your address/,
    to: 'bob@example.com',
    withinMs: mailsWindowMs,
    most: mailsPerAddress,
    ask: ({ post }) =>
      post('register', { email: 'bob@example.com', password: 'correct horse battery staple' }),
  },
  'with a link to sign in': {
    subject: /^Sign in/,
    to: email,
    withinMs: identityPolicy.magicLinkMs,
    most: linksPerAddress,
    ask: ({ post }) => post('magic-link', { email }),
  },
  'for a new password': {
    subject: /^Choose a new password/,
    to: email,
    withinMs: identityPolicy.resetPasswordMs,
    most: mailsPerAddress,
    ask: ({ post }) => post('forgot-password', { email }),
  },
  'to leave an address': {
    subject: /^Confirm that you leave/,
    to: email,
    withinMs: mailsWindowMs,
    most: mailsPerAddress,
    ask: askForAddress,
  },
  'to a new address': {
    subject: /^Confirm this address/,
    to: 'new@example.com',
    withinMs: mailsWindowMs,
    most: mailsPerAddress,
    ask: askForAddress,
  },
  'with a code that proves': {
    subject: /^Your code/,
    to: email,
    withinMs: identityPolicy.proofCodeMs,
    most: mailsPerAddress,
    async ask({ people, ada, post }) {
      await post('proof/mail', {}, (await people.signIn(ada.id, ada.workspaceId)).jar)
    },
  },
  'with an invitation, each from another workspace': {
    subject: /^Invitation/,
    to: email,
    withinMs: 24 * 60 * 60_000,
    most: invitationMailsPerMailbox,
    async ask({ people }) {
      const host = await people.person(`host-${randomUUID()}@example.com`)
      const home = (await host.call('GET', '/api/auth/me')).body.workspace.id
      const body = { email, role: 'member' }
      expect((await host.call('POST', `/api/v1/workspaces/${home}/invitations`, body)).status).toBe(201)
    },
  },
}

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  it.each(Object.entries(kinds))(
    'mails %s: so many, and one more when the first has had its time',
    async (_, { subject, to, withinMs, most, ask }) => {
      installation = await testInstallation(store)
      const { clock, identity, rows } = installation
      const people = await testPeople(installation)
      const { id } = await people.person(email)
      const [home] = await rows<{ workspace_id: string }>(
        'SELECT workspace_id FROM memberships WHERE user_id = $1',
        [id],
      )
      const ada = { id, workspaceId: home?.workspace_id ?? '' }
      const parts: Parts = { ...twoSteps(installation), identity, people, ada }
      const mailsAfter = async (times: number) => {
        for (let i = 0; i < times; i++) await ask(parts)
        await identity.stop()
        return (await people.mails(to)).filter((mail) => subject.test(mail.subject)).length
      }
      const started = clock.now()
      expect(await mailsAfter(1)).toBe(1)
      clock.advance(1_000)
      expect(await mailsAfter(most)).toBe(most)
      const end = started + withinMs
      clock.set(end - 1)
      expect(await mailsAfter(1)).toBe(most)
      // The first alone has had it: the others came a second later.
      clock.set(end)
      expect(await mailsAfter(2)).toBe(most + 1)
    },
    60_000,
  )
})
