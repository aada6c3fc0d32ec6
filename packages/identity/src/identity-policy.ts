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
  /** Where mails go: out, or into the outbox of an installation without a mail server. Pages say so. */
  readonly mail: 'server' | 'outbox'
  readonly passwordRules: PasswordRules
  readonly passwordCost: Argon2Parameters
  /** What it was before, while passwords of that time are still stored: every sign-in then costs the sum. */
  readonly formerPasswordCosts: readonly Argon2Parameters[]
  /** Passwords hashed at once: each takes its memory and one of the four threads of the process’s pool. */
  readonly passwordsAtOnce: number
  /** Places in the line behind them; whoever comes on top is told to come back. */
  readonly passwordsWaiting: number
  /** How long a mail that confirms an address holds. */
  readonly verifyEmailMs: number
  readonly resetPasswordMs: number
  /** Both mailboxes must answer within this time. */
  readonly changeEmailMs: number
  /** Between asking for an account to be deleted and its end. */
  readonly deletionGraceMs: number
  /** How long an operator may act for somebody, whatever they do. */
  readonly impersonationMs: number
  /** Whether people are told by mail that an operator acts for them; their list of sessions shows it in any case. */
  readonly mailImpersonated: boolean
  /** Mails of one kind to one address within `mailsWindowMs`; more are not sent. */
  readonly mailsPerAddress: number
  /**
   * Also the bound on how long strangers who have mails sent to somebody keep that person’s own from being sent. Where what
   * is mailed holds for a shorter time, that time counts.
   */
  readonly mailsWindowMs: number
  /**
   * A mail that was asked for is made at a random moment within this time. Made at once, it keeps the process busy while the
   * asker sends the next request, whose time then tells whether there was somebody to write to (enumeration.evidence.ts).
   */
  readonly mailSpreadMs: number
  readonly magicLinkMs: number
  readonly operatorLinkMs: number
  /** Wrong codes after which a link is dead. */
  readonly codeTries: number
  /** Links mailed to one address within the lifetime of a link; more are not sent. */
  readonly linksPerAddress: number
  /**
   * What browsers hold: one opaque cookie, or an access token for minutes and a refresh token that is used once. Programs
   * that sign in as a person get tokens in either style.
   */
  readonly sessionStyle: 'opaque' | 'token'
  /** How long an access token holds before it is renewed; its session is looked up all the same. */
  readonly accessTokenMs: number
  /** For so long whoever loses a race for a renewal gets the same successor; later a used refresh token is a stolen one. */
  readonly refreshReuseMs: number
  readonly sessionAbsoluteMs: number
  readonly sessionIdleMs: number
  /** From setting out to a provider to coming back. */
  readonly providerSignInMs: number
  /** How long one call of a provider may take. */
  readonly providerTimeoutMs: number
  /** How long what a provider tells about itself is believed. */
  readonly providerMetadataMs: number
  /** Between the first factor and the second. */
  readonly secondFactorMs: number
  /** Between the secret of an authenticator app and its first code. */
  readonly totpStartMs: number
  /** Recovery codes made at once. */
  readonly recoveryCodes: number
  /** How long a mailed code proves who somebody is. */
  readonly proofCodeMs: number
  /** How long a proof of who somebody is admits them to what is sensitive. */
  readonly recentProofMs: number
  /** How long a verified credential is believed without asking the database: the bound on revocation elsewhere. */
  readonly credentialCacheMs: number
  /** Last use is written at most this often per key and session. */
  readonly lastUsedEveryMs: number
  readonly keysPerWorkspace: number
  /** How long a passkey may take to answer. */
  readonly passkeyChallengeMs: number
  readonly passkeysPerPerson: number
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
  mail: 'server',
  passwordRules: longPasswords,
  // OWASP’s recommendation: 19 MiB, two passes, one lane.
  passwordCost: { memory: 19_456, passes: 2, parallelism: 1 },
  formerPasswordCosts: [],
  passwordsAtOnce: 2,
  passwordsWaiting: 200,
  verifyEmailMs: 24 * hour,
  resetPasswordMs: 30 * minute,
  changeEmailMs: 24 * hour,
  deletionGraceMs: 30 * day,
  impersonationMs: 15 * minute,
  mailImpersonated: true,
  mailsPerAddress: 5,
  mailsWindowMs: hour,
  mailSpreadMs: 1_000,
  magicLinkMs: 15 * minute,
  operatorLinkMs: 24 * hour,
  codeTries: 5,
  linksPerAddress: 5,
  sessionStyle: 'opaque',
  accessTokenMs: 10 * minute,
  refreshReuseMs: 10_000,
  sessionAbsoluteMs: 30 * day,
  sessionIdleMs: 7 * day,
  providerSignInMs: 10 * minute,
  providerTimeoutMs: 5_000,
  providerMetadataMs: hour,
  secondFactorMs: 10 * minute,
  totpStartMs: 15 * minute,
  recoveryCodes: 10,
  proofCodeMs: 10 * minute,
  recentProofMs: 15 * minute,
  credentialCacheMs: 1_000,
  lastUsedEveryMs: minute,
  keysPerWorkspace: 100,
  passkeyChallengeMs: 5 * minute,
  passkeysPerPerson: 20,
  workspacesPerPerson: 10,
  invitationMs: 7 * day,
  invitationsPerWorkspace: 100,
  invitationMailsPerAddress: 3,
  invitationMailsPerMailbox: 10,
  overlapSilenceMs: 15 * minute,
}
