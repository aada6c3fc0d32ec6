// The doors that take an e-mail address, and addresses of every kind to knock with. All addresses have one length.
import { asSystem } from '@levqor/database/system'
import type { TestInstallation } from './test-installation.ts'

interface AddressDoor {
  readonly asker: 'anybody' | 'signed in'
  readonly status: number
  body(email: string, password?: string): object
}

export const knownPassword = 'correct horse battery staple'
const wrongPassword = 'wrong horse battery staple'

export const addressDoors: Readonly<Record<string, AddressDoor>> = {
  'auth.magic-link': { asker: 'anybody', status: 202, body: (email) => ({ email }) },
  'auth.register': {
    asker: 'anybody',
    status: 202,
    body: (email) => ({ email, password: 'a long enough password', name: 'Ada' }),
  },
  'auth.login': {
    asker: 'anybody',
    status: 401,
    body: (email, password = wrongPassword) => ({ email, password }),
  },
  'auth.forgot-password': { asker: 'anybody', status: 202, body: (email) => ({ email }) },
  'auth.email.request': { asker: 'signed in', status: 202, body: (email) => ({ email }) },
  'workspaces.invitations.create': {
    asker: 'signed in',
    status: 201,
    body: (email) => ({ email, role: 'viewer' }),
  },
}

/** These say who has an account: that is what they are for. */
export const doorsOfOperators: readonly string[] = ['users.upsert', 'users.list']

export interface KnownAddress {
  readonly email: string
  /** At the door that takes one. Default: a wrong one. */
  readonly password?: string
}

/** Makes accounts of every kind. */
export async function addressesOf({
  database,
  identity,
}: TestInstallation): Promise<Record<string, KnownAddress>> {
  const { ids, clock } = database
  const now = clock.now()
  const passwordHash = await identity.services.identity.passwords.hash(knownPassword)
  const system = asSystem(database)
  let count = 0
  async function account(
    facts: {
      readonly password?: false
      readonly status?: string
      readonly verified?: false
      readonly deletion?: true
    } = {},
  ) {
    const id = ids.next()
    const home = ids.next()
    const email = `known${String(count++).padStart(5, '0')}@example.com`
    await system.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO users (id, email, name, status, operator, email_verified_at, password_hash, deletion_due_at, created_at, updated_at)
         VALUES ($1, $2, NULL, $3, 0, $4, $5, $6, $7, $7)`,
        [
          id,
          email,
          facts.status ?? 'active',
          facts.verified === false ? null : now,
          facts.password === false ? null : passwordHash,
          facts.deletion ? now + 86_400_000 : null,
          now,
        ],
      )
      await tx.run('INSERT INTO workspaces (id, name, plan, created_at) VALUES ($1, $2, $3, $4)', [
        home,
        'Home',
        'free',
        now,
      ])
      await tx.run(
        'INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)',
        [home, id, 'owner', now],
      )
    })
    return { id, email, home }
  }
  const twoStep = await account()
  const member = await account()
  const invited = 'invited000@example.com'
  await system.transaction(async (tx) => {
    await tx.run(
      'INSERT INTO totp_secrets (user_id, secret, last_step, confirmed_at, created_at) VALUES ($1, $2, 0, $3, $3)',
      [twoStep.id, 'sealed', now],
    )
    // By somebody else: who invited somebody may see that.
    await tx.run(
      `INSERT INTO invitations (id, workspace_id, email, role, token_hash, invited_by, created_at, expires_at)
       VALUES ($1, $2, $3, 'viewer', 'hash', $4, $5, $6)`,
      [ids.next(), member.home, invited, member.id, now, now + 86_400_000],
    )
  })
  const closed = await account({ status: 'disabled' })
  return {
    'with a password': member,
    'without a password': await account({ password: false }),
    'with a second factor': twoStep,
    closed: await account({ status: 'disabled' }),
    'closed, with its right password': { email: closed.email, password: knownPassword },
    'not verified': await account({ verified: false }),
    'about to be deleted': await account({ deletion: true }),
    'invited, without an account': { email: invited },
    'without an account': { email: 'another000@example.com' },
  }
}
