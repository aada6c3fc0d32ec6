// The two look-ups of authentication, by digest, across workspaces. What is revoked, ended, expired, idle or closed is
// not found, and nobody learns which. An operator acts for somebody only while their own session holds. A key's maker must
// still be a member of its workspace, and lends it their role.
import { decodeJson, type SystemReader } from '@levqor/database'
import { compileRanges } from '@levqor/guard'
import { type CredentialPlace, identified, type WorkspaceRole } from '@levqor/server'
import { reachesOperations, scopesWithin } from '../keys/scopes.ts'
import type { CachedCredential } from './credential-cache.ts'

export async function findApiKey(
  read: SystemReader,
  hash: string,
  now: number,
): Promise<CachedCredential | undefined> {
  const [key] = await read.query<{
    id: string
    workspace_id: string
    scopes: string
    plan: string
    operator: number
    role: WorkspaceRole
    expires_at: number | null
    overlap_until: number | null
    allowed_addresses: string | null
  }>(
    `SELECT k.id, k.workspace_id, k.scopes, k.expires_at, k.overlap_until, k.allowed_addresses, w.plan, u.operator, m.role
     FROM api_keys k
       JOIN workspaces w ON w.id = k.workspace_id
       JOIN users u ON u.id = k.created_by
       JOIN memberships m ON m.workspace_id = k.workspace_id AND m.user_id = k.created_by
     WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
       AND (k.overlap_until IS NULL OR k.overlap_until > $2)
       AND u.status = 'active'`,
    [hash, now],
  )
  if (!key) return undefined
  const scopes = scopesWithin(decodeJson<string[]>(key.scopes), key.role)
  const operator = key.operator === 1 && reachesOperations(scopes)
  const actor = { kind: 'apiKey', id: key.id, workspaceId: key.workspace_id, scopes, operator } as const
  const { allowed_addresses: addresses } = key
  return {
    kind: 'apiKey',
    id: key.id,
    result: identified(actor, key.plan),
    validUntilMs: Math.min(key.expires_at ?? Infinity, key.overlap_until ?? Infinity),
    ...(addresses === null
      ? {}
      : {
          allowed: {
            ranges: compileRanges(decodeJson<string[]>(addresses)),
            workspaceId: key.workspace_id,
          },
        }),
  }
}

// The digest in the row of a session made of tokens is of a secret that nobody holds. And a family that was ended because
// two held its tokens ends its session in the same moment.
const opaque = 's.token_hash = $1 AND s.refresh_family_id IS NULL'
const ofTokens = `s.id = $1 AND EXISTS (
  SELECT 1 FROM refresh_families f WHERE f.id = s.refresh_family_id AND f.ended_cause IS NULL)`

/** By the digest of its cookie, or – once an access token has been verified – by the token's `sid` and `sub`. */
export type SessionKey =
  | { readonly hash: string }
  | { readonly id: string; readonly userId: string; readonly by: CredentialPlace }

export async function findSession(
  read: Pick<SystemReader, 'query'>,
  key: SessionKey,
  now: number,
  idleMs: number,
): Promise<CachedCredential | undefined> {
  const [session] = await read.query<{
    id: string
    user_id: string
    workspace_id: string
    operator: number
    role: WorkspaceRole
    plan: string
    expires_at: number
    impersonator_id: string | null
  }>(
    `SELECT s.id, s.user_id, s.workspace_id, s.expires_at, s.impersonator_id, u.operator, m.role, w.plan FROM sessions s
       JOIN users u ON u.id = s.user_id
       JOIN memberships m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
       JOIN workspaces w ON w.id = s.workspace_id
     WHERE ${'hash' in key ? opaque : ofTokens} AND s.ended_at IS NULL AND s.expires_at > $2 AND s.last_seen_at > $3
       AND u.status = 'active'
       AND (s.impersonator_id IS NULL OR (u.operator = 0 AND EXISTS (
         SELECT 1 FROM sessions own JOIN users o ON o.id = own.user_id
         WHERE own.id = s.impersonator_session_id AND own.user_id = s.impersonator_id
           AND own.ended_at IS NULL AND own.expires_at > $2
           AND o.operator = 1 AND o.status = 'active')))`,
    ['hash' in key ? key.hash : key.id, now, now - idleMs],
  )
  if (!session || ('id' in key && session.user_id !== key.userId)) return undefined
  const actor = {
    kind: 'user',
    id: session.user_id,
    sessionId: session.id,
    workspaceId: session.workspace_id,
    role: session.role,
    operator: session.operator === 1,
    ...(session.impersonator_id === null ? {} : { impersonatedBy: session.impersonator_id }),
  } as const
  return {
    kind: 'session',
    id: session.id,
    result: identified(actor, `${session.plan}-session`, 'hash' in key ? undefined : key.by),
    validUntilMs: session.expires_at,
  }
}
