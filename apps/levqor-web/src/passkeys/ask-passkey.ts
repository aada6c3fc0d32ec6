'use client'
// The ceremonies: ask the server, ask the authenticator, bring the answer back.
import {
  finishPasskeyProof,
  finishPasskeyRegistration,
  finishPasskeySecondFactor,
  finishPasskeySignIn,
  type Passkey,
  type PasskeyAssertion,
  type PasskeyRequestOptions,
  type SignInAnswer,
  startPasskeyProof,
  startPasskeyRegistration,
  startPasskeySecondFactor,
  startPasskeySignIn,
} from '@levqor/client'
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { api } from '../api/client.ts'
import { browserProblem, notHere, notSupported } from './browser-problem.ts'

/** Another question took the place of this one: nobody needs to hear of it. */
export class Replaced extends Error {}

interface Started<Options> {
  /** Where passkeys work. */
  readonly origin: string
  readonly options: Options
}

/** @throws LevqorError of the server, or in words for what the browser said; Replaced */
async function ask<Options extends { readonly timeout: number }, Response>(
  start: () => Promise<Started<Options>>,
  answer: (options: Options) => Promise<Response>,
): Promise<Response> {
  if (!browserSupportsWebAuthn()) throw notSupported()
  const { origin, options } = await start()
  if (origin !== location.origin) throw notHere(origin)
  const began = performance.now()
  try {
    return await answer(options)
  } catch (error) {
    const asked = { tookMs: performance.now() - began, timeoutMs: options.timeout }
    throw browserProblem(error, asked) ?? new Replaced()
  }
}

const unlock = (optionsJSON: PasskeyRequestOptions) => startAuthentication({ optionsJSON })

/** @param picked an answer that is there already: somebody picked it among the suggestions of a field */
export async function signInWithPasskey(picked?: PasskeyAssertion): Promise<SignInAnswer> {
  const response = picked ?? (await ask(() => api.call(startPasskeySignIn, {}), unlock))
  return api.call(finishPasskeySignIn, { body: { response } })
}

/** Waits among the suggestions of the address field until somebody picks a passkey there. */
export function pickAmongSuggestions(
  onOffered: (options: PasskeyRequestOptions) => void,
): Promise<PasskeyAssertion> {
  return ask(
    () => api.call(startPasskeySignIn, {}),
    async (optionsJSON): Promise<PasskeyAssertion> => {
      onOffered(optionsJSON)
      return startAuthentication({ optionsJSON, useBrowserAutofill: true })
    },
  )
}

export async function passSecondFactorWithPasskey(): Promise<SignInAnswer> {
  const response = await ask(() => api.call(startPasskeySecondFactor, {}), unlock)
  return api.call(finishPasskeySecondFactor, { body: { response } })
}

export async function proveWithPasskey(): Promise<{ readonly proven_until: string }> {
  const response = await ask(() => api.call(startPasskeyProof, {}), unlock)
  return api.call(finishPasskeyProof, { body: { response } })
}

export async function addPasskey(): Promise<Passkey> {
  const response = await ask(
    () => api.call(startPasskeyRegistration, {}),
    (optionsJSON) => startRegistration({ optionsJSON }),
  )
  return api.call(finishPasskeyRegistration, { body: { response } })
}
