// All lifetimes and limits of identity, as data.

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export interface IdentityPolicy {
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
  /** A rotated key that nobody has used for half its overlap, and at least for so long, ends early. */
  readonly overlapSilenceMs: number
}

export const identityPolicy: IdentityPolicy = {
  magicLinkMs: 15 * minute,
  operatorLinkMs: 24 * hour,
  codeTries: 5,
  linksPerAddress: 5,
  sessionAbsoluteMs: 30 * day,
  sessionIdleMs: 7 * day,
  credentialCacheMs: 1_000,
  lastUsedEveryMs: minute,
  keysPerWorkspace: 100,
  overlapSilenceMs: 15 * minute,
}
