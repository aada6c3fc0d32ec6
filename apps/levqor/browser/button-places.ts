// The pages whose buttons buttons.test.ts presses: what the server would say there, and which buttons must be found to write.
import type { Page } from '@levqor/testing'

export interface Place {
  readonly path: string
  readonly signedIn?: true
  /** Done first, after each opening of the page. */
  readonly prepare?: (page: Page) => Promise<void>
  /** Where its buttons are; default everywhere on it. */
  readonly within?: string
  /** What the server would say to its questions. */
  readonly answers?: Readonly<Record<string, unknown>>
  /** What is different about the person who looks. */
  readonly me?: Readonly<Record<string, unknown>>
  readonly buttons: readonly string[]
}

const token = 'x'.repeat(43)
const soon = new Date(Date.now() + 3_600_000).toISOString()
const before = new Date(Date.now() - 3_600_000).toISOString()
const idOf = (prefix: string) => `${prefix}_${'0'.repeat(32)}`

export const places: Readonly<Record<string, Place>> = {
  'sign-in': {
    path: '/sign-in',
    answers: { '/api/auth/methods': { providers: [{ id: 'oidc', name: 'Example ID' }] } },
    buttons: ['Mail me a link', 'Sign in with a passkey', 'Continue with Example ID'],
  },
  'sign-in with a password': {
    path: '/sign-in',
    prepare: (page) => page.getByRole('button', { name: 'Sign in with a password' }).click(),
    buttons: ['Sign in', 'Sign in with a passkey'],
  },
  'the second step': {
    path: '/sign-in/second-factor',
    answers: {
      '/api/auth/second-factor/asked': {
        methods: ['totp', 'recovery-code', 'passkey'],
        expires_at: soon,
      },
    },
    buttons: ['Sign in', 'Use a passkey instead'],
  },
  'a mailed link': { path: `/sign-in/link#token=${token}`, buttons: ['Sign in'] },
  registration: { path: '/register', buttons: ['Make an account'] },
  'a new address': { path: `/verify#token=${token}`, buttons: ['Confirm'] },
  'a forgotten password': { path: '/forgot-password', buttons: ['Mail me a link'] },
  'a new password': { path: `/reset-password#token=${token}`, buttons: ['Change the password'] },
  'a change of address': {
    path: `/confirm-email#token=${token}`,
    answers: {
      '/api/auth/email/look': {
        mailbox: 'old',
        email: 'ada@example.com',
        new_email: 'ada@new.example.com',
      },
    },
    buttons: ['Leave this address', 'This was not me: stop it'],
  },
  'an invitation': {
    path: `/invitation#token=${token}`,
    answers: {
      '/api/v1/workspaces/invitations/look': { workspace: 'First', role: 'member', invited_by: null },
    },
    buttons: ['Accept'],
  },
  'a new account': {
    path: '/account',
    signedIn: true,
    buttons: [
      'Save the profile',
      'Change the address',
      'Switch on',
      'Add a passkey',
      'Delete my account > Delete it in 30 days',
    ],
  },
  'an account with everything': {
    path: '/account',
    signedIn: true,
    me: { has_password: true },
    answers: {
      '/api/auth/methods': { providers: [{ id: 'oidc', name: 'Example ID' }] },
      '/api/auth/identities': {
        items: [
          {
            id: idOf('idn'),
            provider: { id: 'oidc', name: 'Example ID' },
            email: null,
            created_at: before,
            last_used_at: null,
          },
        ],
      },
      '/api/auth/passkeys': {
        items: [{ id: idOf('psk'), name: 'Laptop', synced: true, created_at: before, last_used_at: null }],
        most: 10,
      },
      '/api/auth/second-factor': { enabled_at: before, recovery_codes_left: 10, password_needs_it: false },
      '/api/auth/email': {
        pending: {
          email: 'new@example.com',
          confirmed: { old: false, new: false },
          expires_at: soon,
        },
      },
      '/api/auth/sessions': {
        items: [true, false].map((current) => ({
          id: idOf(current ? 'ses' : 'ses').replace(/0$/, current ? '1' : '2'),
          current,
          device: current ? 'This device' : 'Phone',
          name: null,
          network: null,
          method: 'password',
          second_factor: 'totp',
          created_at: before,
          last_seen_at: before,
          expires_at: soon,
        })),
        operator_visits: [],
      },
    },
    buttons: [
      'Save the profile',
      'Keep my address',
      'Change the password',
      'Make new recovery codes',
      'Switch off > Switch off',
      'Remove Laptop > Remove',
      'Add another passkey',
      'Unlink Example ID > Unlink',
      'Link Example ID',
      'End the session of Phone',
      'End all others',
      'Delete my account > Delete it in 30 days',
    ],
  },
  'a name for a device': {
    path: '/account',
    signedIn: true,
    prepare: (page) =>
      page
        .getByRole('button', { name: /^Rename / })
        .first()
        .click(),
    within: 'ul[aria-label=Sessions]',
    buttons: ['Save'],
  },
  members: {
    path: '/members',
    signedIn: true,
    answers: {
      members: {
        items: [
          { user_id: idOf('usr'), email: 'cid@example.com', name: 'Cid', role: 'member', joined_at: before },
        ],
        next_cursor: null,
      },
      invitations: {
        items: [
          {
            id: idOf('inv'),
            email: 'dee@example.com',
            role: 'member',
            invited_by: null,
            created_at: before,
            expires_at: soon,
          },
        ],
        next_cursor: null,
      },
    },
    buttons: [
      'Hand over to Cid > Hand over',
      'Remove Cid > Remove',
      'Invite',
      'Send again to dee@example.com',
      'Withdraw the invitation of dee@example.com',
      'Rename',
      'Make a workspace',
      'Leave the workspace > Leave',
    ],
  },
  users: {
    path: '/users',
    signedIn: true,
    buttons: ['Act as bea@example.com > Act as them', 'Close bea@example.com > Close the account'],
  },
  'API keys': {
    path: '/api-keys',
    signedIn: true,
    buttons: [
      'Make key',
      'Change First key > Save',
      'Rotate First key > Rotate the key',
      'Revoke First key > Revoke the key',
    ],
  },
}
