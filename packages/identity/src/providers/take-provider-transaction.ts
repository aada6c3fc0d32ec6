// Uses up what a browser set out with, before the provider is asked anything: of all who come back with one state, one
// goes on.
import { type ProviderProblem, providerId } from '@levqor/client'
import { z } from 'zod'
import { findToken } from '../one-time-tokens/find-token.ts'
import { decodeTokenData, encodeTokenData, type TokenData } from '../one-time-tokens/token-data.ts'
import { useToken } from '../one-time-tokens/use-token.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'

/** What a browser set out with. */
export type ProviderTransaction = TokenData<'oidc'>

/** `transaction` beside a refusal: where the person set out from. */
export interface TakenTransaction {
  readonly transaction?: ProviderTransaction
  readonly refusal?: { readonly code: ProviderProblem; readonly cause: string }
}

export const takeProviderTransaction = defineVerb({
  name: 'auth.oauth.take',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({ provider: providerId, state: z.string(), browser: z.string().optional() }),
  async run(ctx, { provider, state, browser }): Promise<TakenTransaction> {
    const { db, clock } = ctx
    const refuse = (code: ProviderProblem, cause: string, transaction?: ProviderTransaction) => {
      ctx.changedNothing()
      return { refusal: { code, cause }, ...(transaction ? { transaction } : {}) }
    }
    const row = await findToken(db, { token: state, purpose: 'oidc' })
    if (!row) return refuse('provider_attempt_unknown', 'state')
    const transaction = decodeTokenData('oidc', row.data)
    // First of all, and without using it up: a stranger who got hold of the state must not be able to end the attempt.
    if (browser === undefined || hashSecret(browser) !== transaction.browser) {
      return refuse('provider_other_browser', 'browser')
    }
    const now = clock.now()
    // Whoever comes back a second time is only told so, at the page that they set out from.
    const data = encodeTokenData('oidc', { ...transaction, nonce: '', verifier: '' })
    if (!(await useToken(db, { id: row.id, now, data }))) {
      if (row.expires_at <= now) return refuse('provider_attempt_expired', 'state_expired', transaction)
      return refuse('provider_attempt_used', 'state_used', transaction)
    }
    await ctx.audit({
      action: 'provider_sign_in.answered',
      target: { kind: 'one_time_token', id: row.id },
      details: { provider },
    })
    if (transaction.provider === provider) return { transaction }
    // One provider’s answer at another’s address (RFC 9700, section 4.4).
    return { transaction, refusal: { code: 'provider_attempt_unknown', cause: 'mix_up' } }
  },
})
