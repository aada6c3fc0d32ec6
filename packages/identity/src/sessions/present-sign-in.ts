// What every way to sign in answers: the caller and their session, or the question for a second factor. A browser gets its
// secrets in cookies, a program in the body, and neither gets both.
import type { BearerTokens, Me, SignInAnswer } from '@levqor/client'
import type { HeaderValues, RequestFacts } from '@levqor/server'
import { presentMe } from '../me/present-me.ts'
import { presentTime } from '../present-time.ts'
import {
  accessCookie,
  deviceCookie,
  endedFirstFactorCookie,
  endedOperatorCookie,
  endedSessionCookie,
  firstFactorCookie,
  refreshCookie,
  sessionCookie,
} from './cookies.ts'
import type { SessionCredential } from './session-credential.ts'
import type { SignIn } from './sign-in.ts'
import type { StartedSession } from './start-session.ts'

/** With the proof that this device is known from now on, where the first factor was a secret that can be guessed. */
export type PresentableSignIn = SignIn & { readonly deviceCookie?: string }

export function presentSignIn(result: PresentableSignIn): SignInAnswer {
  if (result.outcome === 'signed-in') return presentSignedIn(result)
  const { firstFactor, transport } = result
  // Passkeys are a browser's.
  const methods = result.methods.filter((method) => transport === undefined || method !== 'passkey')
  return {
    second_factor: {
      methods,
      expires_at: presentTime(result.expiresAt),
      ...(transport === 'bearer' ? { first_factor: firstFactor } : {}),
    },
  }
}

/** Of a session that has begun or was renewed. */
export function presentSignedIn({ me, credential }: StartedSession): Me | BearerTokens {
  if (credential.kind === 'opaque' || credential.transport !== 'bearer') return presentMe(me)
  return {
    ...presentMe(me),
    access_token: credential.access,
    refresh_token: credential.refresh,
    token_type: 'Bearer',
    expires_in: Math.floor(credential.accessMaxAgeMs / 1000),
  }
}

export function signInHeaders(result: PresentableSignIn, { https }: RequestFacts): HeaderValues {
  if (result.outcome === 'second-factor') {
    if (result.transport === 'bearer') return {}
    return { 'set-cookie': firstFactorCookie(result.firstFactor, https, result.maxAgeMs) }
  }
  const cookies = sessionCookies(result, https)
  if (cookies.length === 0) return {}
  return {
    'set-cookie': [
      ...cookies,
      endedFirstFactorCookie(https),
      // Whoever signs in anew is nobody's stand-in any more.
      endedOperatorCookie(https),
      ...(result.deviceCookie === undefined ? [] : [deviceCookie(result.deviceCookie, https)]),
    ],
  }
}

/** None for a program. */
export function sessionCookies(
  { credential, maxAgeMs }: { readonly credential: SessionCredential; readonly maxAgeMs: number },
  https: boolean,
): string[] {
  if (credential.kind === 'opaque') return [sessionCookie(credential.cookie, https, maxAgeMs)]
  if (credential.transport === 'bearer') return []
  return [
    accessCookie(credential.access, https, credential.accessMaxAgeMs),
    refreshCookie(credential.refresh, https, maxAgeMs),
    // An opaque one goes before the tokens: what is left of an earlier sign-in must not stand in front of this one.
    endedSessionCookie(https),
  ]
}
