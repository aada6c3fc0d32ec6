// All lifetimes and limits of identity, as data.

import { longPasswords, type PasswordRules } from './passwords/password-rules.ts'
import type { Argon2Parameters } from './passwords/phc-string.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export interface IdentityPolicy {
  /** In mails, and never part of a password. */
  readonly productName: string
  /** Who may make an account: everybody, or only who was invited into a workspace. */
  readonly registration: 'open' | 'invited'
  readonly passwordRules: PasswordRules
  readonly passwordCost: Argon2Parameters
  /** Passwords hashed at once: each takes its memory and one of the four threads of the process’s pool. */
  readonly passwordsAtOnce: number
  /** Places in the line behind them; whoever comes on top is told to come back. */
  readonly passwordsWaiting: number
  /** How long a mail that confirms an address holds. */
  readonly verifyEmailMs: number
  readonly resetPasswordMs: number
  /** Mails of one kind to one address within its lifetime; more are not sent. */
  readonly mailsPerAddress: number
  readonly magicLinkMs: number
  readonly operatorLinkMs: number
  /** Wrong codes after which a link is dead. */
  readonly codeTries: number
  /** Links mailed to one address within the lifetime of a link; more are not sent. */
  readonly linksPerAddress: number
  readonly sessionAbsoluteMs: number
  readonly sessionIdleMs: number
  /** How long a verified credential is believed without asking the database: the bound on revocation elsewhere. */
  readonly credentialCacheMs: number
  /** Last use is written at most this often per key and session. */
  readonly lastUsedEveryMs: number
  readonly keysPerWorkspace: number
  /** Workspaces that one person may own. */
  readonly workspacesPerPerson: number
  readonly invitationMs: number
  /** Invitations of a workspace that are open or were made within a day: the bound on mails to strangers, too. */
  readonly invitationsPerWorkspace: number
  /** Invitations that one workspace mails to one address within a day; more are refused. */
  readonly invitationMailsPerAddress: number
  /** The same over all workspaces; more are not sent, and nobody learns of the other workspaces. */
  readonly invitationMailsPerMailbox: number
  /** A rotated key that nobody has used for half its overlap, and at least for so long, ends early. */
  readonly overlapSilenceMs: number
}

export const identityPolicy: IdentityPolicy = {
  productName: 'Levqor',
  registration: 'invited',
  passwordRules: longPasswords,
  // OWASP’s recommendation: 19 MiB, two passes, one lane.
  passwordCost: { memory: 19_456, passes: 2, parallelism: 1 },
  passwordsAtOnce: 2,
  passwordsWaiting: 200,
  verifyEmailMs: 24 * hour,
  resetPasswordMs: 30 * minute,
  mailsPerAddress: 5,
  magicLinkMs: 15 * minute,
  operatorLinkMs: 24 * hour,
  codeTries: 5,
  linksPerAddress: 5,
  sessionAbsoluteMs: 30 * day,
  sessionIdleMs: 7 * day,
  credentialCacheMs: 1_000,
  lastUsedEveryMs: minute,
  keysPerWorkspace: 100,
  workspacesPerPerson: 10,
  invitationMs: 7 * day,
  invitationsPerWorkspace: 100,
  invitationMailsPerAddress: 3,
  invitationMailsPerMailbox: 10,
  overlapSilenceMs: 15 * minute,
}
