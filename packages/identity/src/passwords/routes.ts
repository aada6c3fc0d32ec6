// The routes of passwords, and of registering with one.
import {
  changePassword as changePasswordContract,
  forgotPassword as forgotPasswordContract,
  login as loginContract,
  register as registerContract,
  resetPassword as resetPasswordContract,
  verifyEmail as verifyEmailContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import type { IdentityServices } from '../services.ts'
import { browserCookie, readBrowserCookie, readDeviceCookie } from '../sessions/cookies.ts'
import { deviceLabel } from '../sessions/device-label.ts'
import { presentSignIn, signInHeaders } from '../sessions/present-sign-in.ts'
import { changePassword } from './change-password.ts'
import { forgotPassword } from './forgot-password.ts'
import { login } from './login.ts'
import { register } from './register.ts'
import { resetPassword } from './reset-password.ts'
import { verifyEmail } from './verify-email.ts'

export const passwordRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: registerContract,
    door: 'auth.sign-in',
    verb: register,
    input: ({ body }, { cookieHeader, https }) => ({
      ...body,
      browser: readBrowserCookie(cookieHeader, https),
    }),
    present: () => ({ status: 'sent' as const }),
    headers: ({ browser }, { https }) => ({ 'set-cookie': browserCookie(browser, https) }),
  }),
  defineRoute({
    contract: verifyEmailContract,
    door: 'auth.sign-in',
    verb: verifyEmail,
    input: ({ body }, { cookieHeader, https, addressKey }) => ({
      ...body,
      browser: readBrowserCookie(cookieHeader, https),
      addressKey,
    }),
    present: ({ email }) => ({ status: 'verified' as const, email }),
  }),
  defineRoute({
    contract: loginContract,
    door: 'auth.sign-in',
    verb: login,
    input: ({ body }, { cookieHeader, https, userAgent, clientIp, addressKey }) => ({
      ...body,
      device: deviceLabel(userAgent),
      address: clientIp,
      addressKey,
      deviceCookie: readDeviceCookie(cookieHeader, https),
    }),
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
]
