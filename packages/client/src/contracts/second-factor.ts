// Two-step sign-in: an authenticator app and recovery codes, and the second step itself.
import { z } from 'zod'
import { bearerTokens, me, secondFactorNeeded } from './auth.ts'
import { defineContract, plainText, timestamp } from './contract.ts'

const code = plainText(40).min(6).describe('Six digits of the app, or a recovery code; spaces do not matter')
const appCode = plainText(20).min(6).describe('Six digits of the app; spaces do not matter')

const recoveryCodes = z.object({
  recovery_codes: z.array(z.string()).describe('Shown in this answer only; each works once'),
})

export const startTotp = defineContract({
  id: 'auth.totp.start',
  method: 'POST',
  path: '/api/auth/totp/start',
  summary: 'Make the secret for an authenticator app; two-step sign-in is on once a code is confirmed',
  status: 200,
  answer: z.object({
    uri: z.string().describe('otpauth://, for a QR code'),
    secret: z.string().describe('The same secret in base32, to type in'),
    expires_at: timestamp.describe('Until then it can be confirmed'),
  }),
})

export const confirmTotp = defineContract({
  id: 'auth.totp.confirm',
  method: 'POST',
  path: '/api/auth/totp/confirm',
  summary: 'Switch two-step sign-in on with a code of the app; all other sessions end',
  status: 200,
  body: z.strictObject({ code: appCode }),
  answer: recoveryCodes,
})

export const endTotp = defineContract({
  id: 'auth.totp.end',
  method: 'DELETE',
  path: '/api/auth/totp',
  summary: 'Switch two-step sign-in off with a code of the app or a recovery code',
  status: 204,
  body: z.strictObject({ code }),
})

export const renewRecoveryCodes = defineContract({
  id: 'auth.totp.recovery-codes',
  method: 'POST',
  path: '/api/auth/totp/recovery-codes',
  summary: 'Make new recovery codes; the old ones are void',
  status: 200,
  answer: recoveryCodes,
})

export const getSecondFactor = defineContract({
  id: 'auth.second-factor.get',
  method: 'GET',
  path: '/api/auth/second-factor',
  summary: 'Whether my account asks for a second factor',
  status: 200,
  answer: z.object({
    enabled_at: timestamp.nullable().describe('Null: it asks for none'),
    recovery_codes_left: z.number().int(),
    password_needs_it: z.boolean().describe('The password is too short to stand alone'),
  }),
})

export const lookAtFirstFactor = defineContract({
  id: 'auth.second-factor.asked',
  method: 'GET',
  path: '/api/auth/second-factor/asked',
  summary: 'With what the sign-in that has passed its first factor can go on',
  status: 200,
  answer: secondFactorNeeded.shape.second_factor.omit({ first_factor: true }),
})

export const verifySecondFactor = defineContract({
  id: 'auth.second-factor.verify',
  method: 'POST',
  path: '/api/auth/second-factor',
  summary: 'Finish signing in with a code of the app or a recovery code',
  status: 200,
  body: z.strictObject({
    code,
    first_factor: z.string().max(200).optional().describe('For programs: of the answer that asked for it'),
  }),
  answer: z.union([
    bearerTokens.describe('when the first factor asked for tokens, for programs'),
    me.describe('in browsers, with the session in a cookie'),
  ]),
})
