// Acting for somebody else, at the edge: two cookies. The session cookie becomes that of the person; the operator's own
// waits in a second one, which opens nothing by itself.
import { startImpersonation as startContract, stopImpersonation as stopContract } from '@levqor/client'
import { defineRoute, type HeaderValues, type Route, serviceError } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import {
  accessCookie,
  endedAccessCookie,
  endedOperatorCookie,
  endedSessionCookie,
  operatorCookie,
  readAccessCookie,
  readOperatorCookie,
  readSessionCookie,
  sessionCookie,
} from '../sessions/cookies.ts'
import { deviceLabel } from '../sessions/device-label.ts'
import { startImpersonation } from './start-impersonation.ts'
import { type StoppedImpersonation, stopImpersonation } from './stop-impersonation.ts'

export const impersonationRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: startContract,
    door: 'admin.write',
    verb: startImpersonation,
    input: ({ body }, { cookieHeader, https, userAgent, clientIp }) => {
      const ownCookie = readSessionCookie(cookieHeader, https)
      const ownAccess = readAccessCookie(cookieHeader, https)
      const facts = { ...body, device: deviceLabel(userAgent), address: clientIp }
      if (ownCookie !== undefined) return { ...facts, ownCookie }
      if (ownAccess !== undefined) return { ...facts, ownAccess }
      // A key, or a program's token.
      throw serviceError('credential_unsuitable')
    },
    headers: ({ cookie, maxAgeMs, ownCookie, ownMaxAgeMs, ofTokens }, { https }) => ({
      'set-cookie': [
        sessionCookie(cookie, https, maxAgeMs),
        operatorCookie(ownCookie, https, ownMaxAgeMs),
        // Or the operator would be themselves again without a word, once the time is over.
        ...(ofTokens ? [endedAccessCookie(https)] : []),
      ],
    }),
    present: ({ expiresAt }) => ({ expires_at: presentTime(expiresAt) }),
  }),
  defineRoute({
    contract: stopContract,
    door: 'auth.sign-in',
    verb: stopImpersonation,
    input: (_, { cookieHeader, https }) => ({
      cookie: readSessionCookie(cookieHeader, https),
      ownCookie: readOperatorCookie(cookieHeader, https),
    }),
    headers: ({ own, acted }, { https }): HeaderValues => {
      if (!acted) return {}
      return { 'set-cookie': [...ownCookies(own, https), endedOperatorCookie(https)] }
    },
    present: ({ own, acted }) => ({ returned: own !== undefined || !acted }),
  }),
]

function ownCookies(own: StoppedImpersonation['own'], https: boolean): string[] {
  if (own === undefined) return [endedSessionCookie(https)]
  const { credential, maxAgeMs } = own
  if (credential.kind === 'opaque') return [sessionCookie(credential.cookie, https, maxAgeMs)]
  return [accessCookie(credential.access, https, credential.accessMaxAgeMs), endedSessionCookie(https)]
}
