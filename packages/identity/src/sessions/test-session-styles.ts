// The same tests for both styles of session: what ends an opaque one and not one made of tokens is a hole.
import { eachStore, type TestStore } from '@levqor/testing'
import { describe } from 'vitest'
import type { IdentityPolicy } from '../identity-policy.ts'

export interface SessionStyle {
  readonly policy: Pick<IdentityPolicy, 'sessionStyle'>
  /** The cookie that requests are known by, and all that signing in sets of that kind. */
  readonly cookie: string
  readonly cookies: readonly string[]
}

const styles: readonly SessionStyle[] = [
  { policy: { sessionStyle: 'opaque' }, cookie: 'levqor_session', cookies: ['levqor_session'] },
  {
    policy: { sessionStyle: 'token' },
    cookie: 'levqor_access',
    cookies: ['levqor_access', 'levqor_refresh'],
  },
]

export function eachSessionStyle(define: (store: TestStore, style: SessionStyle) => void): void {
  for (const style of styles) {
    describe(`${style.policy.sessionStyle} sessions`, () => eachStore((store) => define(store, style)))
  }
}
