// The way back of an operator whose own session is made of tokens: there is no cookie of theirs that could wait. It is a secret
// of its own, and that of the acting session is derived from it. So each browser that set out has a way back, which the row of
// what it began knows, also when a later start has ended that; and whoever holds an acting session's cookie has no way back.
import { hash } from 'node:crypto'
import { newToken } from '../secrets/opaque-token.ts'

export interface WayBack {
  /** For the operator's cookie. Opens nothing (find-credential.ts); it only shows that this browser is the one that set out. */
  readonly text: string
  /** For the session cookie. */
  readonly acting: string
}

export function newWayBack(): WayBack {
  const { text } = newToken()
  return { text, acting: actingSecret(text) }
}

/** In the form of every opaque token. */
export function actingSecret(wayBack: string): string {
  return hash('sha256', `acting for somebody: ${wayBack}`, 'base64url')
}
