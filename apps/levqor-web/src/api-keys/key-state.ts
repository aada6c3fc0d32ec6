// What a key is at the moment: whether it holds, beside which other key, and why not any more.
import type { ApiKey } from '@levqor/client'

export type KeyState =
  | { readonly kind: 'active' }
  /** Holds beside its successor, until the moment. */
  | { readonly kind: 'rotating'; readonly until: string }
  | { readonly kind: 'ended'; readonly at: string; readonly words: string }

const reasonWords: Readonly<Record<NonNullable<ApiKey['revoked_reason']>, string>> = {
  revoked: 'revoked',
  rotated: 'replaced',
  fell_silent: 'replaced, not used any more',
  maker_left: 'its maker left the workspace',
  account_closed: 'the account of its maker was closed',
  reported: 'reported as leaked',
}

type Facts = Pick<ApiKey, 'revoked_at' | 'revoked_reason' | 'expires_at' | 'overlap_until'>

export function keyState(key: Facts, now: number): KeyState {
  if (key.revoked_at !== null) {
    return { kind: 'ended', at: key.revoked_at, words: reasonWords[key.revoked_reason ?? 'revoked'] }
  }
  if (key.expires_at !== null && Date.parse(key.expires_at) <= now) {
    return { kind: 'ended', at: key.expires_at, words: 'expired' }
  }
  if (key.overlap_until === null) return { kind: 'active' }
  // The server refuses it from this moment on; that it is over is written down within a minute.
  if (Date.parse(key.overlap_until) <= now) {
    return { kind: 'ended', at: key.overlap_until, words: reasonWords.rotated }
  }
  return { kind: 'rotating', until: key.overlap_until }
}
