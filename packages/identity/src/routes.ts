// Identity's routes: contract, door, verb, and the cookies that only exist at this edge.
import {
  changeApiKey as changeApiKeyContract,
  changePassword as changePasswordContract,
  createApiKey as createApiKeyContract,
  endOtherSessions as endOtherSessionsContract,
  endSession as endSessionContract,
  forgotPassword as forgotPasswordContract,
  getMe as getMeContract,
  listApiKeys as listApiKeysContract,
  listSessions as listSessionsContract,
  login as loginContract,
  logout as logoutContract,
  nameSession as nameSessionContract,
  register as registerContract,
  reportApiKey as reportApiKeyContract,
  requestMagicLink as requestMagicLinkContract,
  resetPassword as resetPasswordContract,
  revokeApiKey as revokeApiKeyContract,
  rotateApiKey as rotateApiKeyContract,
  verifyEmail as verifyEmailContract,
  verifyMagicLink as verifyMagicLinkContract,
} from '@levqor/client'
import { defineRoute, type HeaderValues, type Route, serviceError } from '@levqor/server'
import { accountRoutes } from './accounts/routes.ts'
import { impersonationRoutes } from './impersonation/routes.ts'
import { changeApiKey } from './keys/change-api-key.ts'
import { createApiKey } from './keys/create-api-key.ts'
import { listApiKeys } from './keys/list-api-keys.ts'
import { presentApiKey } from './keys/present-api-key.ts'
import { reportApiKey } from './keys/report-api-key.ts'
import { revokeApiKey } from './keys/revoke-api-key.ts'
import { rotateApiKey } from './keys/rotate-api-key.ts'
import { getMe } from './me/get-me.ts'
import { presentMe } from './me/present-me.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { changePassword } from './passwords/change-password.ts'
import { forgotPassword } from './passwords/forgot-password.ts'
import { login } from './passwords/login.ts'
import { register } from './passwords/register.ts'
import { resetPassword } from './passwords/reset-password.ts'
import { verifyEmail } from './passwords/verify-email.ts'
import { providerRoutes } from './providers/routes.ts'
import { secondFactorRoutes } from './second-factor/routes.ts'
import type { IdentityServices } from './services.ts'
import {
  browserCookie,
  endedOperatorCookie,
  endedSessionCookie,
  endedTokenCookies,
  readBrowserCookie,
  readDeviceCookie,
} from './sessions/cookies.ts'
import { deviceLabel } from './sessions/device-label.ts'
import { endOtherSessions } from './sessions/end-other-sessions.ts'
import { endSession } from './sessions/end-session.ts'
import { listSessions } from './sessions/list-sessions.ts'
import { nameSession } from './sessions/name-session.ts'
import { presentSession, presentVisit } from './sessions/present-session.ts'
import { presentSignIn, signInHeaders } from './sessions/present-sign-in.ts'
import { refreshRoutes } from './sessions/refresh-routes.ts'
import { signOut } from './sessions/sign-out.ts'
import { requestMagicLink } from './sign-in/request-magic-link.ts'
import { verifyMagicLink } from './sign-in/verify-magic-link.ts'
import { userRoutes } from './users/routes.ts'
import { workspaceRoutes } from './workspaces/routes.ts'

export const identityRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: requestMagicLinkContract,
    door: 'auth.sign-in',
    verb: requestMagicLink,
    input: ({ body }, { cookieHeader, https }) => {
      const browser = readBrowserCookie(cookieHeader, https)
      return { email: body.email, ...(browser === undefined ? {} : { browser }) }
    },
    present: () => ({ status: 'sent' as const }),
    headers: ({ browser }, { https }) => ({ 'set-cookie': browserCookie(browser, https) }),
  }),
  defineRoute({
    contract: verifyMagicLinkContract,
    door: 'auth.sign-in',
    verb: verifyMagicLink,
    input: ({ body }, { cookieHeader, https, userAgent, clientIp }) => {
      const browser = readBrowserCookie(cookieHeader, https)
      return {
        token: body.token,
        ...(body.code === undefined ? {} : { code: body.code }),
        ...(body.transport === undefined ? {} : { transport: body.transport }),
        ...(browser === undefined ? {} : { browser }),
        device: deviceLabel(userAgent),
        address: clientIp,
      }
    },
    headers: (result, facts): HeaderValues =>
      result.outcome === 'wrong-code' ? {} : signInHeaders(result, facts),
    present: (result) => {
      if (result.outcome !== 'wrong-code') return presentSignIn(result)
      const left = result.triesLeft === 1 ? 'One try is left.' : `${result.triesLeft} tries are left.`
      throw serviceError('link_wrong_code', { detail: `This is not the code of the mail. ${left}` })
    },
  }),
  defineRoute({
    contract: registerContract,
    door: 'auth.sign-in',
    verb: register,
    input: ({ body }, { cookieHeader, https }) => {
      const browser = readBrowserCookie(cookieHeader, https)
      return { ...body, ...(browser === undefined ? {} : { browser }) }
    },
    present: () => ({ status: 'sent' as const }),
    headers: ({ browser }, { https }) => ({ 'set-cookie': browserCookie(browser, https) }),
  }),
  defineRoute({
    contract: verifyEmailContract,
    door: 'auth.sign-in',
    verb: verifyEmail,
    input: ({ body }, { cookieHeader, https, addressKey }) => {
      const browser = readBrowserCookie(cookieHeader, https)
      return { ...body, addressKey, ...(browser === undefined ? {} : { browser }) }
    },
    present: ({ email }) => ({ status: 'verified' as const, email }),
  }),
  defineRoute({
    contract: loginContract,
    door: 'auth.sign-in',
    verb: login,
    input: ({ body }, { cookieHeader, https, userAgent, clientIp, addressKey }) => {
      const known = readDeviceCookie(cookieHeader, https)
      return {
        ...body,
        device: deviceLabel(userAgent),
        address: clientIp,
        addressKey,
        ...(known === undefined ? {} : { deviceCookie: known }),
      }
    },
    headers: signInHeaders,
    present: presentSignIn,
  }),
  defineRoute({
    contract: forgotPasswordContract,
    door: 'auth.sign-in',
    verb: forgotPassword,
    input: ({ body }) => body,
    present: () => ({ status: 'sent' as const }),
  }),
  defineRoute({
    contract: resetPasswordContract,
    door: 'auth.sign-in',
    verb: resetPassword,
    input: ({ body }, { addressKey }) => ({ ...body, addressKey }),
    present: () => ({ status: 'changed' as const }),
  }),
  defineRoute({
    contract: changePasswordContract,
    door: 'session',
    verb: changePassword,
    input: ({ body }, { addressKey }) => ({ ...body, addressKey }),
    present: () => ({ status: 'changed' as const }),
  }),
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
    contract: getMeContract,
    door: 'read',
    verb: getMe,
    input: () => ({}),
    present: presentMe,
  }),
  defineRoute({
    contract: listApiKeysContract,
    door: 'read',
    verb: listApiKeys,
    input: ({ query }) => query,
    present: ({ items, nextCursor }) => ({
      items: items.map(presentApiKey),
      next_cursor: nextCursor,
      has_more: nextCursor !== null,
    }),
  }),
  defineRoute({
    contract: createApiKeyContract,
    door: 'user.write',
    verb: createApiKey,
    input: ({ body }) => body,
    present: ({ row, secret }) => ({ ...presentApiKey(row), secret }),
  }),
  defineRoute({
    contract: changeApiKeyContract,
    door: 'user.write',
    verb: changeApiKey,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentApiKey,
  }),
  defineRoute({
    contract: rotateApiKeyContract,
    door: 'user.write',
    verb: rotateApiKey,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: ({ row, secret, replaces }) => ({
      ...presentApiKey(row),
      secret,
      replaces: presentApiKey(replaces),
    }),
  }),
  defineRoute({
    contract: reportApiKeyContract,
    door: 'key.report',
    verb: reportApiKey,
    input: ({ body }, { clientIp }) => ({ key: body.key, address: clientIp }),
    present: () => ({ status: 'received' as const }),
  }),
  defineRoute({
    contract: revokeApiKeyContract,
    door: 'user.write',
    verb: revokeApiKey,
    input: ({ params }) => params,
    present: presentApiKey,
  }),
  ...refreshRoutes,
  ...secondFactorRoutes,
  ...passkeyRoutes,
  ...providerRoutes,
  ...workspaceRoutes,
  ...accountRoutes,
  ...userRoutes,
  ...impersonationRoutes,
]
