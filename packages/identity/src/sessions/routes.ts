// The routes of sessions, with the cookies that only exist at this edge. Renewing: a program shows its token in the body and
// gets the next one there; a browser's comes and goes in a cookie that no other route is sent.
import {
  endOtherSessions as endOtherSessionsContract,
  endSession as endSessionContract,
  listSessions as listSessionsContract,
  logout as logoutContract,
  nameSession as nameSessionContract,
  refreshSession as refreshSessionContract,
  watchSession as watchSessionContract,
} from '@levqor/client'
import { defineRoute, type HeaderValues, type Route, serviceError } from '@levqor/server'
import { watchDoor } from '../authentication/create-authenticator.ts'
import { presentMe } from '../me/present-me.ts'
import type { IdentityServices } from '../services.ts'
import {
  endedOperatorCookie,
  endedSessionCookie,
  endedTokenCookies,
  readOperatorCookie,
  readRefreshCookie,
  readSessionCookie,
} from './cookies.ts'
import { endOtherSessions } from './end-other-sessions.ts'
import { endSession } from './end-session.ts'
import { listSessions } from './list-sessions.ts'
import { nameSession } from './name-session.ts'
import { presentSession, presentVisit } from './present-session.ts'
import { presentSignedIn, sessionCookies } from './present-sign-in.ts'
import { refreshSession } from './refresh-session.ts'
import { signOut } from './sign-out.ts'
import { watchSession } from './watch-session.ts'

export const sessionRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: listSessionsContract,
    door: 'session',
    verb: listSessions,
    input: () => ({}),
    present: ({ sessions, visits }) => ({
      items: sessions.map(presentSession),
      operator_visits: visits.map(presentVisit),
    }),
  }),
  defineRoute({
    contract: watchSessionContract,
    door: watchDoor,
    verb: watchSession,
    input: () => ({}),
  }),
  defineRoute({
    contract: nameSessionContract,
    door: 'session',
    verb: nameSession,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentSession,
  }),
  defineRoute({
    contract: endSessionContract,
    door: 'session',
    verb: endSession,
    input: ({ params }) => params,
  }),
  defineRoute({
    contract: endOtherSessionsContract,
    door: 'session',
    verb: endOtherSessions,
    input: () => ({}),
  }),
  defineRoute({
    contract: logoutContract,
    door: 'session',
    verb: signOut,
    input: () => ({}),
    headers: (_, { https, credentialPlace }): HeaderValues => {
      // A program: the cookies that came along are another session's, which goes on.
      if (credentialPlace === 'header') return {}
      return {
        'set-cookie': [endedSessionCookie(https), endedOperatorCookie(https), ...endedTokenCookies(https)],
      }
    },
  }),
  defineRoute({
    contract: refreshSessionContract,
    door: 'auth.refresh',
    verb: refreshSession,
    input: ({ body }, { cookieHeader, https, clientIp: address }) => {
      const acting = readOperatorCookie(cookieHeader, https) !== undefined
      if (body?.refresh_token !== undefined) {
        return { refresh: body.refresh_token, transport: 'bearer' as const, acting, address }
      }
      return {
        session: readSessionCookie(cookieHeader, https),
        refresh: readRefreshCookie(cookieHeader, https),
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
