// The routes of providers. The way back is a browser's: every answer of it leads to a page.
import {
  finishProviderSignIn as finishContract,
  getSignInMethods as getSignInMethodsContract,
  type LinkedIdentity,
  listIdentities as listIdentitiesContract,
  startProviderSignIn as startContract,
  toPublicId,
  unlinkIdentity as unlinkIdentityContract,
} from '@levqor/client'
import { defineRoute, type HeaderValues, type RequestFacts, type Route } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import { type BrowserCredential, browserCredential } from '../sessions/browser-session.ts'
import { endedProviderCookie, providerCookie, readProviderCookie } from '../sessions/cookies.ts'
import { deviceLabel } from '../sessions/device-label.ts'
import { signInHeaders } from '../sessions/present-sign-in.ts'
import { type FinishedProviderSignIn, finishProviderSignIn } from './finish-provider-sign-in.ts'
import { getSignInMethods } from './get-sign-in-methods.ts'
import { type IdentityFacts, listIdentities } from './list-identities.ts'
import { startProviderSignIn } from './start-provider-sign-in.ts'
import { unlinkIdentity } from './unlink-identity.ts'

export const providerRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: getSignInMethodsContract,
    door: 'auth.methods',
    verb: getSignInMethods,
    input: () => ({}),
    present: ({ providers, registration, mail }) => ({
      magic_link: true,
      password: true,
      passkey: true,
      providers: [...providers],
      registration,
      mail,
    }),
  }),
  defineRoute({
    contract: startContract,
    door: 'auth.sign-in',
    verb: startProviderSignIn,
    input: ({ params, body }, facts) => ({ ...params, ...body, ...cookiesOf(facts) }),
    present: ({ authorizationUrl }) => ({ authorization_url: authorizationUrl }),
    headers: ({ browser, maxAgeMs }, { https }) => ({
      'set-cookie': providerCookie(browser, https, maxAgeMs),
    }),
  }),
  defineRoute({
    contract: finishContract,
    door: 'auth.callback',
    failsTo: (code) => `/sign-in?problem=${code}`,
    verb: finishProviderSignIn,
    input: ({ params, query }, facts) => ({
      ...params,
      answer: Object.fromEntries(
        Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      ...cookiesOf(facts),
      device: deviceLabel(facts.userAgent),
      address: facts.clientIp,
    }),
    headers: (result, facts) => ({ ...arrivalHeaders(result, facts), 'referrer-policy': 'no-referrer' }),
    present: () => undefined,
  }),
  defineRoute({
    contract: listIdentitiesContract,
    door: 'session',
    verb: listIdentities,
    input: () => ({}),
    present: (identities) => ({ items: identities.map(presentIdentity) }),
  }),
  defineRoute({
    contract: unlinkIdentityContract,
    door: 'session',
    verb: unlinkIdentity,
    input: ({ params }) => params,
    present: () => undefined,
  }),
]

function cookiesOf({
  cookieHeader,
  https,
}: RequestFacts): BrowserCredential & { readonly browser?: string | undefined } {
  return { browser: readProviderCookie(cookieHeader, https), ...browserCredential(cookieHeader, https) }
}

function arrivalHeaders(result: FinishedProviderSignIn, facts: RequestFacts): HeaderValues {
  const { next, linking } = result
  const over = endedProviderCookie(facts.https)
  switch (result.outcome) {
    case 'refused':
      return { location: refusedTo(result.code, { next, linking }) }
    case 'linked':
      return { location: next, 'set-cookie': over }
    case 'second-factor':
    case 'signed-in': {
      const cookies = signInHeaders(result, facts)['set-cookie'] ?? []
      const asked = result.outcome === 'second-factor'
      return {
        location: asked ? `/sign-in/second-factor?next=${encodeURIComponent(next)}` : next,
        'set-cookie': [over, ...(typeof cookies === 'string' ? [cookies] : cookies)],
      }
    }
  }
}

/** The page that says what went wrong. Trying again from there leads to where the first try would have led. */
function refusedTo(
  code: string,
  { next, linking }: { readonly next: string; readonly linking: boolean },
): string {
  if (linking) return `/account?problem=${code}`
  return `/sign-in?problem=${code}${next === '/' ? '' : `&next=${encodeURIComponent(next)}`}`
}

function presentIdentity(row: IdentityFacts): LinkedIdentity {
  return {
    id: toPublicId('idn', row.id),
    provider: { id: row.provider, name: row.name },
    email: row.email,
    created_at: presentTime(row.created_at),
    last_used_at: presentTime(row.last_used_at),
  }
}
