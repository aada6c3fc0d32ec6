// Incoming webhooks at one door: is it genuine, was it processed before, and only then the application's handler.
import { type Clock, systemClock } from '../clock.ts'
import type { Decision, DecisionOutcome } from '../decision/decision.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import type { EventDetails, SecurityEventName } from '../events/catalogue.ts'
import { noSecurityEvents, type SecurityEvents } from '../events/event-pipeline.ts'
import { allEnforced, type Switches } from '../switches/switches.ts'
import { compileSenders } from './compile-senders.ts'
import { judgeDelivery, type WebhookFinding } from './judge-delivery.ts'
import { type ClaimAnswer, watchReplays } from './process-once.ts'
import { bytesOf, type ReceivedWebhook, type WebhookDelivery } from './received-webhook.ts'
import type { ReplayStore } from './replay-store.ts'
import { type WebhookPolicy, webhookDefaults } from './webhook-policy.ts'
import type { WebhookSecret } from './webhook-secrets.ts'

/** Settings of {@link createWebhookReceiver}. */
export interface WebhookReceiverOptions<P extends WebhookPolicy = WebhookPolicy> {
  readonly policy: P
  /** By sender. A sender without a secret in force has a closed door. */
  readonly secrets: { readonly [S in keyof P['senders']]?: readonly WebhookSecret[] }
  readonly replayStore: ReplayStore
  readonly clock?: Clock
  readonly events?: SecurityEvents
  /** Beside a guard its `switches`, which tell when one is turned down. */
  readonly switches?: Switches
  /** Default `production`, in which no setting opens a door without a secret. */
  readonly environment?: 'production' | 'development'
  /** Longest wait for the replay store (default 2,000 ms). */
  readonly storePatienceMs?: number
}

/** How it went. A handler's own error is thrown on instead, after the claim was given back. */
export type WebhookResult<T> =
  | { readonly outcome: 'processed'; readonly decision: Decision; readonly value: T }
  /** Genuine, and processed before: answered 200, so that the sender stops repeating it. */
  | { readonly outcome: 'replayed'; readonly decision: Decision }
  | { readonly outcome: 'refused'; readonly decision: Decision }

/** Receives webhooks. */
export interface WebhookReceiver<S extends string = string> {
  /**
   * Verifies, claims, runs the handler, commits. Two deliveries of one message never run it at the same time, and
   * never again once it has succeeded; after a failure the next delivery does. A handler should do little and quickly
   * (put the work into a queue): one that takes longer than the claim's lease may be joined by a repeat, and one whose
   * process dies between its last write and the commit runs again.
   */
  receive<T>(
    delivery: WebhookDelivery<S>,
    handler: (message: ReceivedWebhook) => Promise<T> | T,
  ): Promise<WebhookResult<T>>
  /** How much of a sender's body an adapter needs to read, bytes. */
  maxBodyBytes(sender: S): number
}

/** A closed door opens when somebody configures it; asking more often changes nothing. */
const closedRetryMs = 60_000

/**
 * Creates a receiver.
 * @throws GuardError `bad_webhook_policy` with every problem of policy and secrets
 * @example
 * const webhooks = createWebhookReceiver({ policy: { senders: { stripe: { provider: 'stripe' } } }, secrets, replayStore })
 * const result = await webhooks.receive({ sender: 'stripe', headers, rawBody }, (message) => enqueue(message.body))
 */
export function createWebhookReceiver<const P extends WebhookPolicy>(
  options: WebhookReceiverOptions<P>,
): WebhookReceiver<keyof P['senders'] & string> {
  const { clock = systemClock, events = noSecurityEvents, switches = allEnforced } = options
  const policy = webhookDefaults(options.policy)
  const senders = compileSenders(options.policy, options.secrets, options.environment ?? 'production')
  const replays = watchReplays(options.replayStore, events, options.storePatienceMs ?? 2_000)
  const openWithoutSecret = policy.withoutSecret === 'open-in-development'
  const toldClosed = new Set<string>()

  return {
    maxBodyBytes: (sender) => senders.get(sender)?.maxBodyBytes ?? 0,
    async receive(delivery, handler) {
      const mode = switches.mode('webhooks')
      const unverified: ReceivedWebhook = {
        sender: delivery.sender,
        trust: 'unverified',
        body: bytesOf(delivery.rawBody),
      }
      const pass = async (message: ReceivedWebhook, outcome: DecisionOutcome, reason: DecisionReason) => {
        return {
          outcome: 'processed',
          decision: decide(outcome, reason),
          value: await handler(message),
        } as const
      }
      if (mode === 'off') return pass(unverified, 'allow', 'allowed')

      const finding = judgeDelivery(senders.get(delivery.sender), delivery, clock.now(), policy.toleranceMs)
      if (!finding.genuine) {
        const { reason } = finding
        const closed = reason === 'webhook_closed'
        noteRefusal(finding)
        if (mode === 'observe' || (closed && openWithoutSecret)) return pass(unverified, 'degrade', reason)
        return refused(reason, closed ? closedRetryMs : undefined)
      }
      toldClosed.delete(delivery.sender)

      const { message, replayKey } = finding
      const claim = await replays.claim(replayKey, policy.claimLeaseMs)
      if (claim.state === 'claimed') {
        const rememberMs = message.signedAtMs === undefined ? policy.untimedMemoryMs : policy.timedMemoryMs
        const claimed = { key: replayKey, token: claim.token, rememberMs }
        const { value, remembered } = await replays.process(claimed, async () => handler(message))
        const decision = remembered ? decide('allow', 'allowed') : decide('degrade', 'webhook_unavailable')
        return { outcome: 'processed', decision, value }
      }
      const { reason, retryAfterMs } = unclaimed(claim)
      if (claim.state !== 'unavailable') emit('webhook.replayed', { reason, trust: message.trust })
      if (mode === 'observe') return pass(message, 'degrade', reason)
      if (claim.state === 'committed') return { outcome: 'replayed', decision: decide('allow', reason) }
      return refused(reason, retryAfterMs)

      function noteRefusal({ reason, cause }: Extract<WebhookFinding, { genuine: false }>): void {
        if (reason !== 'webhook_closed') emit('webhook.rejected', { reason, cause })
        // Once, until the door has been open: everybody may knock at it.
        else if (!toldClosed.has(delivery.sender)) {
          toldClosed.add(delivery.sender)
          emit('webhook.closed', { reason, cause, open: openWithoutSecret })
        }
      }

      function emit(event: SecurityEventName, details: EventDetails): void {
        // A name that is not in the policy may be anybody's text.
        const sender = senders.has(delivery.sender) ? delivery.sender : 'unknown'
        events.emit({
          event,
          requestId: delivery.requestId,
          address: delivery.clientIp,
          details: { sender, mode, ...details },
        })
      }

      function refused(reason: DecisionReason, retryAfterMs: number | undefined) {
        return { outcome: 'refused', decision: decide('deny', reason, retryAfterMs) } as const
      }

      function decide(outcome: DecisionOutcome, reason: DecisionReason, retryAfterMs?: number): Decision {
        const clientIp = delivery.clientIp ?? ''
        return {
          outcome,
          reason,
          limits: [],
          clientIp,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        }
      }
    },
  }
}

function unclaimed(claim: Exclude<ClaimAnswer, { state: 'claimed' }>): {
  readonly reason: DecisionReason
  readonly retryAfterMs: number
} {
  switch (claim.state) {
    case 'committed':
      return { reason: 'webhook_replayed', retryAfterMs: 0 }
    case 'in-progress':
      return { reason: 'webhook_in_progress', retryAfterMs: claim.retryAfterMs }
    case 'unavailable':
      return { reason: 'webhook_unavailable', retryAfterMs: 1_000 }
  }
}
