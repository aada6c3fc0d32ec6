// Incoming webhooks as data: which senders there are, how each proves itself, and how long messages are remembered.
import type { PolicyProblem } from '../policy/policy.ts'
import { isHeaderName, type WebhookProviderName, webhookProviders } from './webhook-providers.ts'

/** One sender. Its name in {@link WebhookPolicy.senders} appears in events and separates its memory from others'. */
export type WebhookSender = {
  /** Largest body in bytes (default 1 MiB). GitHub sends up to 25 MB. */
  readonly maxBodyBytes?: number
} & (
  | { readonly provider: Exclude<WebhookProviderName, 'hmac'> }
  /** HMAC-SHA256 of the body in one header, by a sender that has no row of its own. */
  | {
      readonly provider: 'hmac'
      /** Header with the signature, lower case. */
      readonly header: string
      /** What stands before the signature, such as `sha256=` (default nothing). */
      readonly prefix?: string
      readonly encoding: 'hex' | 'base64'
    }
)

/** The part of the policy that incoming webhooks read. */
export interface WebhookPolicy {
  readonly senders: Readonly<Record<string, WebhookSender>>
  /** Largest distance of a signed time from now, into the past and into the future (default 300,000). */
  readonly toleranceMs?: number
  /** How long one delivery may be in process before a crash is assumed and another may try (default 60,000). */
  readonly claimLeaseMs?: number
  /**
   * How long processed messages with a signed time are remembered (default one day). At least twice the tolerance,
   * until whose end a replay still looks fresh, and a minute for processes whose clocks differ. Longer spares
   * handlers the sender's late repeats.
   */
  readonly timedMemoryMs?: number
  /**
   * How long processed messages without a signed time are remembered (default 7 days, at least one). Nothing in such
   * a message ages: a recorded one passes again after this time, until the secret is changed.
   */
  readonly untimedMemoryMs?: number
  /**
   * Senders without a secret (default `closed`). `open-in-development` lets their messages in unverified, for
   * building against them; a receiver in production refuses to start with it.
   */
  readonly withoutSecret?: 'closed' | 'open-in-development'
}

/** The policy with every default filled in. */
export function webhookDefaults(policy: WebhookPolicy): Required<WebhookPolicy> {
  return {
    senders: policy.senders,
    toleranceMs: policy.toleranceMs ?? 300_000,
    claimLeaseMs: policy.claimLeaseMs ?? 60_000,
    timedMemoryMs: policy.timedMemoryMs ?? dayMs,
    untimedMemoryMs: policy.untimedMemoryMs ?? 7 * dayMs,
    withoutSecret: policy.withoutSecret ?? 'closed',
  }
}

/** Largest body of a sender in bytes. */
export function maxBodyBytesOf(sender: WebhookSender): number {
  return sender.maxBodyBytes ?? 1_048_576
}

const dayMs = 86_400_000

/** Smallest and largest value of each duration, milliseconds. */
const durations = {
  toleranceMs: [1_000, 3_600_000],
  claimLeaseMs: [1_000, 3_600_000],
  timedMemoryMs: [1_000, 366 * dayMs],
  untimedMemoryMs: [dayMs, 366 * dayMs],
} as const

/** Problems of this part of a policy, each with its place and its fix. */
export function checkWebhookPolicy(policy: WebhookPolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  for (const [name, sender] of Object.entries(policy.senders)) checkSender(name, sender, say)
  for (const [name, [least, most]] of Object.entries(durations)) {
    const value = policy[name as keyof typeof durations] // keys of that very table
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
      say('webhook_duration', name, `Use whole milliseconds from ${least} to ${most}.`)
    }
  }
  const { toleranceMs, timedMemoryMs, withoutSecret } = webhookDefaults(policy)
  if (timedMemoryMs < 2 * toleranceMs + 60_000) {
    const fix = 'Use at least twice the tolerance and a minute: a replay looks fresh for that long.'
    say('webhook_memory_short', 'timedMemoryMs', fix)
  }
  if (withoutSecret !== 'closed' && withoutSecret !== 'open-in-development') {
    say('webhook_without_secret', 'withoutSecret', 'Use closed or open-in-development.')
  }
  return problems
}

type Say = (code: string, at: string, fix: string) => void

function checkSender(name: string, sender: WebhookSender, say: Say): void {
  const at = `senders.${name}`
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    say('webhook_sender_name', at, 'Use lower-case letters, digits, dashes.')
  }
  const most = 67_108_864
  const { maxBodyBytes = most } = sender
  if (!(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0 && maxBodyBytes <= most)) {
    say('webhook_body_size', `${at}.maxBodyBytes`, `Use 1 to ${most} bytes.`)
  }
  if (!Object.hasOwn(webhookProviders, sender.provider)) {
    const fix = `Use one of: ${Object.keys(webhookProviders).join(', ')}.`
    say('webhook_provider', `${at}.provider`, fix)
    return
  }
  if (sender.provider !== 'hmac') return
  if (!isHeaderName(sender.header)) {
    say('webhook_header', `${at}.header`, 'Name the header that holds the signature, in lower case.')
  }
  if (!/^[\x21-\x7e]{0,32}$/.test(sender.prefix ?? '')) {
    say('webhook_prefix', `${at}.prefix`, 'Use at most 32 visible ASCII characters.')
  }
  if (sender.encoding !== 'hex' && sender.encoding !== 'base64') {
    say('webhook_encoding', `${at}.encoding`, 'Use hex or base64.')
  }
}
