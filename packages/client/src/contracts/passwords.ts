// Accounts with a password: register, confirm the address, sign in, forget, choose anew.
import { z } from 'zod'
import { emailAddress, signInAnswer, transport } from './auth.ts'
import { defineContract, isStorable, oneLine, plainText } from './contract.ts'

// Its rules are the installation's; this only bounds the work.
const password = z
  .string()
  .min(1)
  .max(1_000)
  .refine(isStorable, {
    error: 'holds characters that cannot be typed',
    params: { code: 'password_characters' },
  })
  .describe('Checked against the rules of this installation')
const mailed = z.object({ status: z.literal('sent') })
const token = plainText(200).min(20).describe('From the mail')

export const register = defineContract({
  id: 'auth.register',
  method: 'POST',
  path: '/api/auth/register',
  summary: 'Ask for an account; it exists once the address is confirmed by mail',
  status: 202,
  body: z.strictObject({
    email: emailAddress,
    password,
    name: oneLine(100).optional(),
  }),
  answer: mailed,
})

export const verifyEmail = defineContract({
  id: 'auth.verify-email',
  method: 'POST',
  path: '/api/auth/verify-email',
  summary:
    'Confirm an address with the token of a mail, in the browser that registered or with the password chosen there; nobody is signed in by it',
  status: 200,
  body: z.strictObject({
    token,
    password: password
      .optional()
      .describe('The one chosen when registering; needed in every other browser than that one'),
  }),
  answer: z.object({ status: z.literal('verified'), email: z.string() }),
})

export const login = defineContract({
  id: 'auth.login',
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Sign in with a password',
  status: 200,
  body: z.strictObject({ email: emailAddress, password, transport }),
  answer: signInAnswer,
})

export const forgotPassword = defineContract({
  id: 'auth.forgot-password',
  method: 'POST',
  path: '/api/auth/forgot-password',
  summary: 'Mail a link to choose a new password; the answer is the same whether the address is known or not',
  status: 202,
  body: z.strictObject({ email: emailAddress }),
  answer: mailed,
})

export const resetPassword = defineContract({
  id: 'auth.reset-password',
  method: 'POST',
  path: '/api/auth/reset-password',
  summary: 'Choose a new password with the token of a mail; all sessions of the account end',
  status: 200,
  body: z.strictObject({ token, password }),
  answer: z.object({ status: z.literal('changed') }),
})

export const changePassword = defineContract({
  id: 'auth.password.change',
  method: 'POST',
  path: '/api/auth/password',
  summary: 'Change the own password; all other sessions end',
  status: 200,
  body: z.strictObject({ current: password, password }),
  answer: z.object({ status: z.literal('changed') }),
})
