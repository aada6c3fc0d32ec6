// The routes of two-step sign-in.
import {
  confirmTotp as confirmTotpContract,
  endTotp as endTotpContract,
  getSecondFactor as getSecondFactorContract,
  lookAtFirstFactor as lookAtFirstFactorContract,
  renewRecoveryCodes as renewRecoveryCodesContract,
  startTotp as startTotpContract,
  verifySecondFactor as verifySecondFactorContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import { readDeviceCookie, readFirstFactorCookie } from '../sessions/cookies.ts'
import { presentSignedIn, signInHeaders } from '../sessions/present-sign-in.ts'
import { confirmTotp } from './confirm-totp.ts'
import { endTotp } from './end-totp.ts'
import { getSecondFactor } from './get-second-factor.ts'
import { lookAtFirstFactor } from './look-at-first-factor.ts'
import { renewRecoveryCodes } from './renew-recovery-codes.ts'
import { startTotp } from './start-totp.ts'
import { verifySecondFactor } from './verify-second-factor.ts'

export const secondFactorRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: startTotpContract,
    door: 'session',
    verb: startTotp,
    input: () => ({}),
    present: ({ uri, secret, expiresAt }) => ({ uri, secret, expires_at: presentTime(expiresAt) }),
  }),
  defineRoute({
    contract: confirmTotpContract,
    door: 'session',
    verb: confirmTotp,
    input: ({ body }, { addressKey }) => ({ ...body, addressKey }),
    present: (codes) => ({ recovery_codes: [...codes] }),
  }),
  defineRoute({
    contract: endTotpContract,
    door: 'session',
    verb: endTotp,
    input: ({ body }, { addressKey }) => ({ ...body, addressKey }),
  }),
  defineRoute({
    contract: renewRecoveryCodesContract,
    door: 'session',
    verb: renewRecoveryCodes,
    input: () => ({}),
    present: (codes) => ({ recovery_codes: [...codes] }),
  }),
  defineRoute({
    contract: getSecondFactorContract,
    door: 'session',
    verb: getSecondFactor,
    input: () => ({}),
    present: ({ enabledAt, recoveryCodesLeft, passwordNeedsIt }) => ({
      enabled_at: presentTime(enabledAt),
      recovery_codes_left: recoveryCodesLeft,
      password_needs_it: passwordNeedsIt,
    }),
  }),
  defineRoute({
    contract: lookAtFirstFactorContract,
    door: 'auth.sign-in',
    verb: lookAtFirstFactor,
    input: (_, { cookieHeader, https }) => ({ firstFactor: readFirstFactorCookie(cookieHeader, https) }),
    present: ({ methods, expiresAt }) => ({ methods: [...methods], expires_at: presentTime(expiresAt) }),
  }),
  defineRoute({
    contract: verifySecondFactorContract,
    door: 'auth.sign-in',
    verb: verifySecondFactor,
    input: ({ body }, { cookieHeader, https, clientIp, addressKey }) => ({
      code: body.code,
      // What a program shows was put there on purpose.
      firstFactor: body.first_factor ?? readFirstFactorCookie(cookieHeader, https),
      deviceCookie: readDeviceCookie(cookieHeader, https),
      address: clientIp,
      addressKey,
    }),
    headers: (done, facts) => signInHeaders(done, facts),
    present: (done) => presentSignedIn(done),
  }),
]
