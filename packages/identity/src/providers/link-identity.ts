// Gives an account at a provider to whoever set out from a session that had just proven who they are. The session must
// still be the one of this browser: what began as one person does not end as another.
import type { ProviderId } from '@levqor/client'
import { addressOf } from '../accounts/address-of.ts'
import type { WriteContext } from '../services.ts'
import { type BrowserCredential, findBrowserSession } from '../sessions/browser-session.ts'
import { findIdentity } from './find-identity.ts'
import { insertIdentity } from './insert-identity.ts'
import type { ProviderPerson } from './provider-client.ts'
import { type ProviderOutcome, refusal } from './provider-outcome.ts'

export async function linkIdentity(
  ctx: WriteContext,
  facts: {
    readonly provider: ProviderId
    readonly person: ProviderPerson
    readonly link: { readonly userId: string; readonly sessionId: string }
    readonly browser: BrowserCredential
  },
): Promise<ProviderOutcome> {
  const { db, clock, services, requestId } = ctx
  const { provider, person, link } = facts
  const { policy, providers, sendAccountMail } = services.identity
  const session = await findBrowserSession(db, services, facts.browser, clock.now())
  if (session?.id !== link.sessionId) return refusal('provider_session_ended', 'session')
  const linked = await insertIdentity(ctx, { userId: link.userId, provider, person })
  if (!linked) {
    const known = await findIdentity(db, person)
    if (known?.user_id !== link.userId) return refusal('identity_taken', 'identity_taken')
    ctx.changedNothing()
    return { outcome: 'linked' }
  }
  const email = await addressOf(db, link.userId)
  const name = providers.get(provider)?.name ?? provider
  await sendAccountMail(db, {
    to: email,
    subject: `${name} was linked to your account at ${policy.productName}`,
    paragraphs: [`From now on, you can sign in with your account at ${name}.`],
    warning:
      'If it was not you, remove it under Account, end all other sessions and tell the operator of this installation.',
    requestId,
  })
  return { outcome: 'linked' }
}
