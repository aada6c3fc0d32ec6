// The routes of mailed links.
import {
  requestMagicLink as requestMagicLinkContract,
  verifyMagicLink as verifyMagicLinkContract,
} from '@levqor/client'
import { defineRoute, type HeaderValues, type Route, serviceError } from '@levqor/server'
import type { IdentityServices } from '../services.ts'
import { browserCookie, readBrowserCookie } from '../sessions/cookies.ts'
import { deviceLabel } from '../sessions/device-label.ts'
import { presentSignIn, signInHeaders } from '../sessions/present-sign-in.ts'
import { requestMagicLink } from './request-magic-link.ts'
import { verifyMagicLink } from './verify-magic-link.ts'

export const magicLinkRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: requestMagicLinkContract,
    door: 'auth.sign-in',
    verb: requestMagicLink,
    input: ({ body }, { cookieHeader, https }) => ({
      ...body,
      browser: readBrowserCookie(cookieHeader, https),
    }),
    present: () => ({ status: 'sent' as const }),
    headers: ({ browser }, { https }) => ({ 'set-cookie': browserCookie(browser, https) }),
  }),
  defineRoute({
    contract: verifyMagicLinkContract,
    door: 'auth.sign-in',
    verb: verifyMagicLink,
    input: ({ body }, { cookieHeader, https, userAgent, clientIp }) => ({
      ...body,
      browser: readBrowserCookie(cookieHeader, https),
      device: deviceLabel(userAgent),
      address: clientIp,
    }),
    headers: (result, facts): HeaderValues =>
      result.outcome === 'wrong-code' ? {} : signInHeaders(result, facts),
    present: (result) => {
      if (result.outcome !== 'wrong-code') return presentSignIn(result)
      const left = result.triesLeft === 1 ? 'One try is left.' : `${result.triesLeft} tries are left.`
      throw serviceError('link_wrong_code', { detail: `This is not the code of the mail. ${left}` })
    },
  }),
]
