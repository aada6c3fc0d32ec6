// Passkeys (WebAuthn): add, list, name, remove; sign in, answer a second factor and prove who one is with them. Every
// ceremony is a pair: `start` gives the options for the browser, `finish` takes what the authenticator answered.
import { z } from 'zod'
import { signInAnswer } from './auth.ts'
import { defineContract, oneLine, plainText, publicId, timestamp } from './contract.ts'

export const passkeyName = oneLine(60)

export const passkey = z.object({
  id: publicId('psk'),
  name: z.string(),
  synced: z.boolean().describe('Whether it is backed up, and so on other devices of its owner, too'),
  created_at: timestamp,
  last_used_at: timestamp.nullable(),
})

// What authenticators say is opaque text to everybody between them and the verification; these only bound the work.
const base64url = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[A-Za-z0-9_-]+$/, 'expected base64url')
// A credential id has at most 1,023 bytes (WebAuthn Level 3, section 7.1).
const credentialId = base64url(1_364)
const clientData = base64url(8_192)
const transports = z
  .array(
    z
      .string()
      .max(32)
      .regex(/^[a-z-]+$/),
  )
  .max(10)
const attachment = plainText(32).min(1).optional()
const type = z.literal('public-key')

const descriptor = z.object({ id: z.string(), type, transports: z.array(z.string()) })

const creationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type, alg: z.number().int() })),
  timeout: z.number().int().describe('Milliseconds; an answer that comes later is refused'),
  attestation: z.literal('none'),
  excludeCredentials: z.array(descriptor),
  authenticatorSelection: z.object({
    residentKey: z.literal('required'),
    requireResidentKey: z.literal(true),
    userVerification: z.literal('required'),
  }),
})

const requestOptions = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.number().int(),
  userVerification: z.literal('required'),
  allowCredentials: z.array(descriptor).describe('Empty: any passkey for this installation'),
})

const origin = z.string().describe('The only origin at which the browser can answer')

/** What `navigator.credentials.create()` gave, with base64url for bytes. */
const registrationResponse = z.object({
  id: credentialId,
  rawId: credentialId,
  type,
  response: z.object({
    clientDataJSON: clientData,
    attestationObject: base64url(16_384),
    transports: transports.optional(),
  }),
  authenticatorAttachment: attachment,
})

/** What `navigator.credentials.get()` gave, with base64url for bytes. */
export const passkeyAssertion = z.object({
  id: credentialId,
  rawId: credentialId,
  type,
  response: z.object({
    clientDataJSON: clientData,
    authenticatorData: base64url(8_192),
    signature: base64url(8_192),
    userHandle: base64url(128).optional(),
  }),
  authenticatorAttachment: attachment,
})

const assertionBody = z.strictObject({ response: passkeyAssertion })
const assertionStart = z.object({ origin, options: requestOptions })
const params = z.strictObject({ id: publicId('psk') })

export const startPasskeyRegistration = defineContract({
  id: 'auth.passkeys.register.start',
  method: 'POST',
  path: '/api/auth/passkeys/register/start',
  summary: 'Begin to add a passkey; asks for a recent proof of who one is',
  status: 200,
  answer: z.object({ origin, options: creationOptions }),
})

export const finishPasskeyRegistration = defineContract({
  id: 'auth.passkeys.register.finish',
  method: 'POST',
  path: '/api/auth/passkeys/register/finish',
  summary: 'Add the passkey that the authenticator made',
  status: 201,
  body: z.strictObject({
    name: passkeyName.optional().describe('Default: the browser and its system'),
    response: registrationResponse,
  }),
  answer: passkey,
})

export const listPasskeys = defineContract({
  id: 'auth.passkeys.list',
  method: 'GET',
  path: '/api/auth/passkeys',
  summary: 'My passkeys, oldest first',
  status: 200,
  answer: z.object({ items: z.array(passkey), most: z.number().int().describe('How many one may have') }),
})

export const renamePasskey = defineContract({
  id: 'auth.passkeys.rename',
  method: 'PATCH',
  path: '/api/auth/passkeys/{id}',
  summary: 'Give one of my passkeys another name',
  status: 200,
  params,
  body: z.strictObject({ name: passkeyName }),
  answer: passkey,
})

export const removePasskey = defineContract({
  id: 'auth.passkeys.remove',
  method: 'DELETE',
  path: '/api/auth/passkeys/{id}',
  summary: 'Remove one of my passkeys; asks for a recent proof of who one is',
  status: 204,
  params,
})

export const startPasskeySignIn = defineContract({
  id: 'auth.passkeys.sign-in.start',
  method: 'POST',
  path: '/api/auth/passkeys/sign-in/start',
  summary: 'Begin to sign in with a passkey; nobody is named, so there is nobody to find out about',
  status: 200,
  answer: assertionStart,
})

export const finishPasskeySignIn = defineContract({
  id: 'auth.passkeys.sign-in.finish',
  method: 'POST',
  path: '/api/auth/passkeys/sign-in/finish',
  summary: 'Sign in with the answer of a passkey; it counts as both factors',
  status: 200,
  body: assertionBody,
  answer: signInAnswer,
})

export const startPasskeySecondFactor = defineContract({
  id: 'auth.passkeys.second-factor.start',
  method: 'POST',
  path: '/api/auth/passkeys/second-factor/start',
  summary: 'Begin to answer the question for a second factor with a passkey',
  status: 200,
  answer: assertionStart,
})

export const finishPasskeySecondFactor = defineContract({
  id: 'auth.passkeys.second-factor.finish',
  method: 'POST',
  path: '/api/auth/passkeys/second-factor/finish',
  summary: 'Finish a sign-in with a passkey as its second factor',
  status: 200,
  body: assertionBody,
  answer: signInAnswer,
})

export const startPasskeyProof = defineContract({
  id: 'auth.passkeys.proof.start',
  method: 'POST',
  path: '/api/auth/passkeys/proof/start',
  summary: 'Begin to prove with a passkey that one is still the person who signed in',
  status: 200,
  answer: assertionStart,
})

export const finishPasskeyProof = defineContract({
  id: 'auth.passkeys.proof.finish',
  method: 'POST',
  path: '/api/auth/passkeys/proof/finish',
  summary: 'Prove with a passkey that one is still the person who signed in',
  status: 200,
  body: assertionBody,
  answer: z.object({ proven_until: timestamp }),
})

export type Passkey = z.infer<typeof passkey>
export type PasskeyAssertion = z.infer<typeof passkeyAssertion>
export type PasskeyRegistrationResponse = z.infer<typeof registrationResponse>
export type PasskeyCreationOptions = z.infer<typeof creationOptions>
export type PasskeyRequestOptions = z.infer<typeof requestOptions>
