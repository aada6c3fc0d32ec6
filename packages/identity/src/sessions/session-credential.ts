// What somebody holds once their session has begun: a cookie, or tokens in cookies or in the hands of a program.
import type { IdentityServices } from '../services.ts'

/** How a program asks for tokens in the answer; left out: cookies. */
export type Transport = 'bearer' | undefined

export interface SessionTokenPair {
  readonly access: string
  readonly accessMaxAgeMs: number
  readonly refresh: string
}

/** Known to this answer only. */
export type SessionCredential =
  | { readonly kind: 'opaque'; readonly cookie: string }
  | ({ readonly kind: 'tokens'; readonly transport: Transport } & SessionTokenPair)

/** An access token for a session's rest of life, as long as it may be. */
export async function accessFor(
  { identity }: IdentityServices,
  session: { readonly id: string; readonly userId: string; readonly expiresAt: number },
  now: number,
): Promise<Pick<SessionTokenPair, 'access' | 'accessMaxAgeMs'>> {
  const access = await identity.tokens.issueAccess({ sessionId: session.id, userId: session.userId })
  return { access, accessMaxAgeMs: Math.min(identity.policy.accessTokenMs, session.expiresAt - now) }
}
