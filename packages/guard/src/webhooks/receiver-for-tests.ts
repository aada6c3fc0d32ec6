// A receiver with fresh parts: a clock that is moved, events that are kept, a store in memory.
import { manualClock } from '@levqor/testing'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import type { ProtectionMode } from '../switches/switches.ts'
import { createWebhookReceiver, type WebhookReceiverOptions } from './create-webhook-receiver.ts'
import {
  type DeliveryFacts,
  policy,
  type SenderName,
  secretOf,
  senderNames,
  signedHeaders,
} from './deliveries-for-tests.ts'
import { createMemoryReplayStore } from './memory-replay-store.ts'
import type { ReceivedWebhook } from './received-webhook.ts'
import type { WebhookPolicy } from './webhook-policy.ts'

/** Bodies with the ids that their senders put into them. */
export const body = Buffer.from(
  JSON.stringify({
    id: 'evt_1',
    event_id: 'Ev1',
    update_id: 1,
    type: 'invoice.paid',
    data: { amount: 1999 },
  }),
)

type Options = Partial<Omit<WebhookReceiverOptions, 'policy' | 'secrets'>> & {
  readonly policy?: Partial<WebhookPolicy>
  readonly secrets?: WebhookReceiverOptions['secrets']
}

export function setupReceiver(options: Options = {}) {
  const clock = manualClock()
  const events: SecurityEventInput[] = []
  const switched: { mode: ProtectionMode } = { mode: 'enforce' }
  const all = Object.fromEntries(senderNames.map((name) => [name, [{ secret: secretOf(name) }]]))
  const store = createMemoryReplayStore({ clock })
  const receiver = createWebhookReceiver({
    replayStore: store,
    clock,
    events: { ...noSecurityEvents, emit: (event) => void events.push(event) },
    switches: { mode: () => switched.mode },
    ...options,
    policy: { ...policy, ...options.policy },
    secrets: options.secrets ?? all,
  })
  const handled: ReceivedWebhook[] = []
  const keep = (message: ReceivedWebhook) => {
    handled.push(message)
    return `handled ${handled.length}`
  }
  const delivery = (sender: SenderName, facts: Partial<DeliveryFacts> = {}) => ({
    sender,
    headers: signedHeaders(sender, { body, nowMs: clock.now(), ...facts }),
    rawBody: Buffer.from(facts.body ?? body),
    clientIp: '198.51.100.7',
    requestId: 'req-1',
  })
  /** Receives one and tells in a few words how it went. */
  const receive = async (
    given: ReturnType<typeof delivery> | { sender: string; headers: object; rawBody: unknown },
    handler: (message: ReceivedWebhook) => unknown = keep,
  ) => {
    // Tests also hand in what no adapter would.
    const result = await receiver.receive(given as Parameters<typeof receiver.receive>[0], handler)
    return { ...result, reason: result.decision.reason }
  }
  return { clock, events, switched, store, receiver, handled, delivery, receive }
}
