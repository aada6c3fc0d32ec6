// Renewing a session, at the edge: a program shows its token in the body and gets the next one there; a browser's comes and
// goes in a cookie that no other route is sent.
import { refreshSession as contract } from '@levqor/client'
import { defineRoute, type HeaderValues, type Route, serviceError } from '@levqor/server'
import { presentMe } from '../me/present-me.ts'
import type { IdentityServices } from '../services.ts'
import {
  endedSessionCookie,
  endedTokenCookies,
  readOperatorCookie,
  readRefreshCookie,
  readSessionCookie,
} from './cookies.ts'
import { presentSignedIn, sessionCookies } from './present-sign-in.ts'
import { refreshSession } from './refresh-session.ts'

export const refreshRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract,
    door: 'auth.refresh',
    verb: refreshSession,
    input: ({ body }, { cookieHeader, https, clientIp: address }) => {
      const acting = readOperatorCookie(cookieHeader, https) !== undefined
      if (body?.refresh_token !== undefined) {
        return { refresh: body.refresh_token, transport: 'bearer' as const, acting, address }
      }
      const session = readSessionCookie(cookieHeader, https)
      const refresh = readRefreshCookie(cookieHeader, https)
      return {
        ...(session === undefined ? {} : { session }),
        ...(refresh === undefined ? {} : { refresh }),
        acting,
        address,
      }
    },
    headers: (result, { https }): HeaderValues => {
      if (result.outcome === 'unchanged') return {}
      if (result.outcome === 'renewed') {
        const cookies = sessionCookies(result, https)
        return cookies.length === 0 ? {} : { 'set-cookie': cookies }
      }
      if (result.transport === 'bearer') return {}
      return { 'set-cookie': [endedSessionCookie(https), ...endedTokenCookies(https)] }
    },
    present: (result) => {
      if (result.outcome === 'renewed') return presentSignedIn(result)
      if (result.outcome === 'unchanged') return presentMe(result.me)
      throw serviceError('credential_invalid')
    },
  }),
]
