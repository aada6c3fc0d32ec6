// The session of a browser at doors that ask nobody who they are: of an address that one may also come to signed out.
import type { SystemReader } from '@levqor/database'
import type { CachedCredential } from '../authentication/credential-cache.ts'
import { findSession } from '../authentication/find-credential.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import type { IdentityServices } from '../services.ts'
import { readAccessCookie, readSessionCookie } from './cookies.ts'

/** Texts of cookies, believed by nobody yet. */
export interface BrowserCredential {
  /** Digest of the opaque one. It goes before the other, as everywhere. */
  readonly session?: string | undefined
  readonly access?: string | undefined
}

export function browserCredential(header: string | undefined, https: boolean): BrowserCredential {
  const session = readSessionCookie(header, https)
  if (session !== undefined) return { session: hashSecret(session) }
  const access = readAccessCookie(header, https)
  return access === undefined ? {} : { access }
}

/** @returns undefined when there is none that holds */
export async function findBrowserSession(
  db: Pick<SystemReader, 'query'>,
  { identity }: IdentityServices,
  { session, access }: BrowserCredential,
  now: number,
): Promise<CachedCredential | undefined> {
  const { sessionIdleMs } = identity.policy
  if (session !== undefined) return findSession(db, { hash: session }, now, sessionIdleMs)
  if (access === undefined) return undefined
  const verified = await identity.tokens.verifyAccess(access)
  if ('refused' in verified) return undefined
  const { sessionId: id, userId } = verified
  return findSession(db, { id, userId, by: 'cookie' }, now, sessionIdleMs)
}
