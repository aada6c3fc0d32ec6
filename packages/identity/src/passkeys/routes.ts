// The routes of passkeys.
import {
  finishPasskeyProof as finishProofContract,
  finishPasskeyRegistration as finishRegistrationContract,
  finishPasskeySecondFactor as finishSecondFactorContract,
  finishPasskeySignIn as finishSignInContract,
  listPasskeys as listPasskeysContract,
  removePasskey as removePasskeyContract,
  renamePasskey as renamePasskeyContract,
  startPasskeyProof as startProofContract,
  startPasskeyRegistration as startRegistrationContract,
  startPasskeySecondFactor as startSecondFactorContract,
  startPasskeySignIn as startSignInContract,
} from '@levqor/client'
import { defineRoute, type HeaderValues, type RequestFacts, type Route, serviceError } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import {
  browserCookie,
  readBrowserCookie,
  readDeviceCookie,
  readFirstFactorCookie,
} from '../sessions/cookies.ts'
import { deviceLabel } from '../sessions/device-label.ts'
import { type PresentableSignIn, presentSignIn, signInHeaders } from '../sessions/present-sign-in.ts'
import { finishPasskeyProof } from './finish-proof.ts'
import { finishPasskeyRegistration } from './finish-registration.ts'
import { finishPasskeySecondFactor } from './finish-second-factor.ts'
import { finishPasskeySignIn } from './finish-sign-in.ts'
import { listPasskeys } from './list-passkeys.ts'
import { presentPasskey } from './present-passkey.ts'
import { removePasskey } from './remove-passkey.ts'
import { renamePasskey } from './rename-passkey.ts'
import { startPasskeyProof } from './start-proof.ts'
import { startPasskeyRegistration } from './start-registration.ts'
import { startPasskeySecondFactor } from './start-second-factor.ts'
import { startPasskeySignIn } from './start-sign-in.ts'
import type { CopySuspected } from './use-assertion.ts'

interface Started<O> {
  readonly origin: string
  readonly options: O
}

function presentStarted<O>({ origin, options }: Started<O>): Started<O> {
  return { origin, options }
}

function presentUnlessCopied(result: PresentableSignIn | CopySuspected) {
  if (result.outcome === 'copy-suspected') throw serviceError('passkey_refused')
  return presentSignIn(result)
}

function headersUnlessCopied(result: PresentableSignIn | CopySuspected, facts: RequestFacts): HeaderValues {
  return result.outcome === 'copy-suspected' ? {} : signInHeaders(result, facts)
}

export const passkeyRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: startRegistrationContract,
    door: 'session',
    verb: startPasskeyRegistration,
    input: () => ({}),
    present: presentStarted,
  }),
  defineRoute({
    contract: finishRegistrationContract,
    door: 'session',
    verb: finishPasskeyRegistration,
    input: ({ body }, { userAgent }) => ({ ...body, device: deviceLabel(userAgent) }),
    present: presentPasskey,
  }),
  defineRoute({
    contract: listPasskeysContract,
    door: 'session',
    verb: listPasskeys,
    input: () => ({}),
    present: ({ items, most }) => ({ items: items.map(presentPasskey), most }),
  }),
  defineRoute({
    contract: renamePasskeyContract,
    door: 'session',
    verb: renamePasskey,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentPasskey,
  }),
  defineRoute({
    contract: removePasskeyContract,
    door: 'session',
    verb: removePasskey,
    input: ({ params }) => params,
  }),
  defineRoute({
    contract: startSignInContract,
    door: 'auth.challenge',
    verb: startPasskeySignIn,
    input: (_, { cookieHeader, https }) => ({ browser: readBrowserCookie(cookieHeader, https) }),
    present: presentStarted,
    headers: ({ browser }, { https }) => ({ 'set-cookie': browserCookie(browser, https) }),
  }),
  defineRoute({
    contract: finishSignInContract,
    door: 'auth.sign-in',
    verb: finishPasskeySignIn,
    input: ({ body }, { cookieHeader, https, userAgent, clientIp }) => ({
      ...body,
      browser: readBrowserCookie(cookieHeader, https),
      device: deviceLabel(userAgent),
      address: clientIp,
    }),
    present: presentUnlessCopied,
    headers: headersUnlessCopied,
  }),
  defineRoute({
    contract: startSecondFactorContract,
    door: 'auth.sign-in',
    verb: startPasskeySecondFactor,
    input: (_, { cookieHeader, https }) => ({ firstFactor: readFirstFactorCookie(cookieHeader, https) }),
    present: presentStarted,
  }),
  defineRoute({
    contract: finishSecondFactorContract,
    door: 'auth.sign-in',
    verb: finishPasskeySecondFactor,
    input: ({ body }, { cookieHeader, https, clientIp }) => ({
      ...body,
      firstFactor: readFirstFactorCookie(cookieHeader, https),
      deviceCookie: readDeviceCookie(cookieHeader, https),
      address: clientIp,
    }),
    present: presentUnlessCopied,
    headers: headersUnlessCopied,
  }),
  defineRoute({
    contract: startProofContract,
    door: 'session',
    verb: startPasskeyProof,
    input: () => ({}),
    present: presentStarted,
  }),
  defineRoute({
    contract: finishProofContract,
    door: 'session',
    verb: finishPasskeyProof,
    input: ({ body }, { clientIp }) => ({ ...body, address: clientIp }),
    present: (result) => {
      if ('outcome' in result) throw serviceError('passkey_refused')
      return { proven_until: presentTime(result.provenUntil) }
    },
  }),
]
