// Webhooks: receiving what claims to come from others, signing what we send.
export {
  createWebhookReceiver,
  type WebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookResult,
} from './create-webhook-receiver.ts'
export { createMemoryReplayStore, type MemoryReplayStoreOptions } from './memory-replay-store.ts'
export type { DeliveryHeaders } from './read-claim.ts'
export type { ReceivedWebhook, WebhookDelivery } from './received-webhook.ts'
export type { ReplayClaim, ReplayStore } from './replay-store.ts'
export {
  signWebhook,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookHeaders,
  type WebhookMessage,
  type WebhookVerdict,
} from './standard-webhook.ts'
export type { WebhookPolicy, WebhookSender } from './webhook-policy.ts'
export {
  type WebhookProvider,
  type WebhookProviderName,
  type WebhookTrust,
  webhookProviders,
} from './webhook-providers.ts'
export type { WebhookRefusal } from './webhook-refusal.ts'
export {
  createWebhookSecret,
  rotateWebhookSecret,
  secretsInForce,
  type WebhookSecret,
} from './webhook-secrets.ts'
