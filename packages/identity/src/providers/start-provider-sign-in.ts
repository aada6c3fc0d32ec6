// Somebody sets out to a provider, to sign in or to link an account there to the one of their session.
import { startProviderSignIn as contract, providerId } from '@levqor/client'
import { serviceError, type UserActor } from '@levqor/server'
import { randomNonce, randomPKCECodeVerifier } from 'openid-client'
import { z } from 'zod'
import { userOf } from '../actor.ts'
import { insertToken } from '../one-time-tokens/insert-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret, isTokenShaped, newToken, type OpaqueToken } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { type BrowserCredential, findBrowserSession } from '../sessions/browser-session.ts'
import type { OwnSession } from '../sessions/require-own-session.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { describeFailure } from './provider-failure.ts'

interface Question {
  readonly state: OpaqueToken
  readonly nonce: string
  readonly verifier: string
  readonly authorizationUrl: string
}

export interface StartedProviderSignIn {
  readonly authorizationUrl: string
  /** The cookie's value. */
  readonly browser: string
  readonly maxAgeMs: number
}

export const startProviderSignIn = defineVerb({
  name: 'auth.oauth.start',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: contract.body.extend({
    provider: providerId,
    /** The mark this browser carries already, so that several tabs can be on their way. */
    browser: z.string().refine(isTokenShaped).optional(),
    /** Digest of the session’s cookie. */
    session: z.string().optional(),
    /** The access token of its cookie, where sessions are made of tokens. */
    access: z.string().optional(),
  }),
  async prepare({ services, log, requestId }, { provider }): Promise<Question> {
    const client = services.identity.providers.get(provider)
    if (!client) throw serviceError('provider_unknown')
    const question = { state: newToken(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    try {
      const authorizationUrl = await client.authorizationUrl({ ...question, state: question.state.text })
      return { ...question, authorizationUrl }
    } catch (error) {
      const { cause } = describeFailure(error)
      log.warn(
        { provider, cause, request_id: requestId },
        'A provider could not be asked to sign somebody in.',
      )
      throw serviceError('provider_unavailable')
    }
  },
  async run(ctx, input, question): Promise<StartedProviderSignIn> {
    const { db, clock, services } = ctx
    const { provider, browser = newToken().text } = input
    const { policy } = services.identity
    const now = clock.now()
    const link = input.link ? await linkedTo(await whose(input)) : undefined
    const { id } = await insertToken(ctx, {
      purpose: 'oidc',
      hash: question.state.hash,
      userId: link?.userId ?? null,
      email: null,
      data: {
        provider,
        browser: hashSecret(browser),
        nonce: question.nonce,
        verifier: question.verifier,
        next: input.next === undefined ? defaultNext(input) : normalised(input.next),
        ...(link ? { link } : {}),
      },
      lifetimeMs: policy.providerSignInMs,
    })
    await ctx.audit({
      action: 'provider_sign_in.started',
      target: { kind: 'one_time_token', id },
      details: { provider, ...(link ? { user: link.userId } : {}) },
    })
    return { authorizationUrl: question.authorizationUrl, browser, maxAgeMs: policy.providerSignInMs }

    /** Only an account whose own mailbox has answered: whoever made it for another's address gets no way back into it. */
    async function linkedTo(person: UserActor): Promise<OwnSession> {
      const own = await requireRecentProof({ ...ctx, actor: person })
      const { email_verified_at } = await db
        .tables<IdentityTables>()
        .selectFrom('users')
        .select('email_verified_at')
        .where('id', '=', own.userId)
        .executeTakeFirstOrThrow()
      if (email_verified_at === null) throw serviceError('email_unverified')
      return own
    }

    async function whose(browser: BrowserCredential): Promise<UserActor> {
      if (browser.session === undefined && browser.access === undefined) {
        throw serviceError('credential_missing')
      }
      const found = await findBrowserSession(db, services, browser, now)
      const person = found && userOf(found)
      if (!person) throw serviceError('credential_invalid')
      return person
    }
  },
})

function defaultNext({ link, provider }: { readonly link: boolean; readonly provider: string }): string {
  return link ? `/account?linked=${provider}` : '/'
}

/** As a header can carry it: checked by the contract, and escaped like any address. */
function normalised(next: string): string {
  const { pathname, search, hash } = new URL(next, 'http://here.invalid')
  return pathname + search + hash
}
