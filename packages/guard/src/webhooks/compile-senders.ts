// The senders of a policy with their secrets, checked together when the program starts: every problem at once.
import { guardError } from '../errors.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import type { PolicyProblem } from '../policy/policy.ts'
import { webhookShape } from '../policy/policy-shapes.ts'
import {
  checkWebhookPolicy,
  maxBodyBytesOf,
  type WebhookPolicy,
  type WebhookSender,
} from './webhook-policy.ts'
import { type WebhookProvider, webhookProviders } from './webhook-providers.ts'
import { isInForce, type WebhookSecret } from './webhook-secrets.ts'

/** A sender ready to be verified. */
export interface CompiledSender {
  readonly name: string
  readonly provider: WebhookProvider
  readonly maxBodyBytes: number
  /** Keys in force now. */
  keys(nowMs: number): readonly Buffer[]
}

/** More at once would make every forged message cost that many HMACs. */
const mostSecrets = 5

/**
 * Compiles the senders.
 * @throws GuardError `bad_webhook_policy` with all {@link PolicyProblem}s in `details`
 */
export function compileSenders(
  policy: WebhookPolicy,
  secrets: Readonly<Record<string, readonly WebhookSecret[] | undefined>>,
  environment: 'production' | 'development',
): ReadonlyMap<string, CompiledSender> {
  const senders = new Map<string, CompiledSender>()
  const problems = checkShaped(webhookShape, policy, 'webhooks', (sound, at, isBroken) => {
    const problems = checkWebhookPolicy(sound, at)
    if (sound.withoutSecret === 'open-in-development' && environment !== 'development') {
      const fix = 'Use closed in production: an open door believes everybody.'
      problems.push({ code: 'webhook_open', path: 'webhooks.withoutSecret', fix })
    }
    for (const name of Object.keys(secrets)) {
      if (isBroken('webhooks.senders') || Object.hasOwn(sound.senders, name)) continue
      const fix = 'There is no sender of this name: correct the name or remove the secrets.'
      problems.push({ code: 'webhook_sender_unknown', path: `secrets.${name}`, fix })
    }
    for (const [name, sender] of Object.entries(sound.senders)) {
      if (!Object.hasOwn(webhookProviders, sender.provider)) continue
      const provider = providerOf(sender)
      const list = secrets[name] ?? []
      const keys = list.map(({ secret }) => provider.keyOf(secret.reveal()))
      problems.push(...checkSecrets(list, keys, provider, `secrets.${name}`))
      senders.set(name, {
        name,
        provider,
        maxBodyBytes: maxBodyBytesOf(sender),
        keys: (nowMs) => {
          const inForce: Buffer[] = []
          list.forEach((entry, i) => {
            const key = keys[i]
            if (key !== undefined && isInForce(entry, nowMs)) inForce.push(key)
          })
          return inForce
        },
      })
    }
    return problems
  })
  if (problems.length > 0) {
    throw guardError(
      'bad_webhook_policy',
      `Webhooks cannot be received:\n${formatProblems(problems)}`,
      problems,
    )
  }
  return senders
}

/** The row, with a sender's own header and form in it. */
function providerOf(sender: WebhookSender): WebhookProvider {
  const row = webhookProviders[sender.provider]
  if (sender.provider !== 'hmac') return row
  const { header, prefix = '', encoding } = sender
  return { ...row, headers: [{ signature: header }], signature: { prefix, encoding } }
}

function checkSecrets(
  list: readonly WebhookSecret[],
  keys: readonly (Buffer | undefined)[],
  provider: WebhookProvider,
  path: string,
): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  if (list.length > mostSecrets) {
    problems.push({ code: 'webhook_secrets_many', path, fix: `Keep at most ${mostSecrets} at once.` })
  }
  list.forEach(({ fromMs = 0, untilMs = Infinity }, i) => {
    const at = `${path}[${i}]`
    // The message never holds the secret's text.
    if (keys[i] === undefined) {
      problems.push({ code: 'webhook_secret_form', path: at, fix: `Use ${provider.secretForm}.` })
    }
    if (!(fromMs < untilMs)) {
      problems.push({ code: 'webhook_secret_window', path: at, fix: 'Let it begin before it ends.' })
    }
  })
  return problems
}
