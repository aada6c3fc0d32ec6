// A browser comes back from a provider. What goes wrong is a result and no error: the person is shown a page of ours.
import { providerId } from '@levqor/client'
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { enterWithIdentity } from './enter-with-identity.ts'
import { linkIdentity } from './link-identity.ts'
import type { ProviderPerson } from './provider-client.ts'
import { describeFailure } from './provider-failure.ts'
import { type ProviderOutcome, type ProviderRefusal, refusal } from './provider-outcome.ts'
import type { ProviderTransaction } from './take-provider-transaction.ts'

interface CameBack {
  readonly transaction?: ProviderTransaction
  readonly came: ProviderPerson | ProviderRefusal
}

export type FinishedProviderSignIn = ProviderOutcome & {
  readonly next: string
  readonly linking: boolean
}

export const finishProviderSignIn = defineVerb({
  name: 'auth.oauth.callback',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({
    provider: providerId,
    /** The parameters of the answer that the protocol knows. */
    answer: z.record(z.string(), z.string()),
    /** The cookie that this browser set out with. */
    browser: z.string().optional(),
    /** Digest of the session’s cookie, for linking. */
    session: z.string().optional(),
    /** The access token of its cookie, where sessions are made of tokens. */
    access: z.string().optional(),
    device: z.string().max(100),
    /** For security events only, where it becomes a pseudonym. */
    address: z.string(),
  }),
  async prepare({ services, requestId }, { provider, answer, browser }): Promise<CameBack> {
    const { providers, takeProviderTransaction } = services.identity
    const client = providers.get(provider)
    const { state } = answer
    if (!client || state === undefined) return { came: refusal('provider_attempt_unknown', 'state') }
    const taken = await takeProviderTransaction(
      { provider, state, ...(browser === undefined ? {} : { browser }) },
      requestId,
    )
    const { transaction } = taken
    if (!transaction || taken.refusal) {
      const { code, cause } = taken.refusal ?? { code: 'provider_attempt_unknown', cause: 'state' }
      return { ...(transaction ? { transaction } : {}), came: refusal(code, cause) }
    }
    const { nonce, verifier } = transaction
    try {
      const came = await client.whoCame(new URLSearchParams(answer), { state, nonce, verifier })
      return { transaction, came }
    } catch (error) {
      const { code, cause } = describeFailure(error)
      return { transaction, came: refusal(code, cause) }
    }
  },
  async run(ctx, input, { transaction, came }): Promise<FinishedProviderSignIn> {
    const { requestId, services } = ctx
    const { provider, address } = input
    const { events } = services.identity
    const outcome = await decide()
    if (outcome.outcome === 'refused') {
      ctx.changedNothing()
      const details = { door: 'oidc', cause: outcome.cause, provider }
      events.emit({ event: 'auth.failed', requestId, address, details })
    }
    return { ...outcome, next: transaction?.next ?? '/', linking: transaction?.link !== undefined }

    async function decide(): Promise<ProviderOutcome> {
      if (!transaction) return 'outcome' in came ? came : refusal('provider_attempt_unknown', 'state')
      if ('outcome' in came) return came
      if (transaction.link) {
        return linkIdentity(ctx, { provider, person: came, link: transaction.link, browser: input })
      }
      return enterWithIdentity(ctx, { provider, person: came, device: input.device, address })
    }
  },
})
