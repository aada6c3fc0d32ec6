// Webhooks: signing what we send, verifying what claims to come from us.
export {
  createWebhookSecret,
  signWebhook,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookHeaders,
  type WebhookMessage,
  type WebhookRefusal,
  type WebhookVerdict,
} from './standard-webhook.ts'
