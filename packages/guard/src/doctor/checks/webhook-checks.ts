// Webhooks that come in, and where requests may go out to.
import { parseIp } from '../../address/ip.ts'
import { webhookDefaults } from '../../webhooks/webhook-policy.ts'
import { webhookProviders } from '../../webhooks/webhook-providers.ts'
import { type ConfigurationChecks, ifPresent, ifTold, onlyInProduction, sign, signIf } from '../check.ts'

const longestToleranceMs = 600_000
/** A range this wide is a whole private network, not a service in it. */
const widestPrefix = { 4: 16, 6: 48 } as const

export const webhookChecks: ConfigurationChecks = {
  'GUARD-070': {
    title: 'A sender of webhooks has no secret',
    severity: 'warning',
    explanation:
      'Its door is closed: every message is refused, and what it should tell us is lost after its last retry.',
    fix: 'Set the secret that the sender signs with, or remove the sender.',
    run: ({ policy, facts }) =>
      ifPresent('webhooks', policy.webhooks, ({ senders }) =>
        ifTold('webhookSecrets', facts.webhookSecrets, (secrets) =>
          Object.keys(senders)
            .filter((name) => (secrets[name] ?? 0) === 0)
            .map((name) => sign(`webhooks.senders.${name}`, 'No secret is set.')),
        ),
      ),
  },
  'GUARD-071': {
    title: 'Webhooks without a secret are let in',
    severity: 'critical',
    explanation: 'Anybody can send them, and they are believed.',
    fix: "Remove webhooks.withoutSecret: 'open-in-development'.",
    run: ({ policy, production }) =>
      ifPresent('webhooks', policy.webhooks, ({ withoutSecret }) => {
        const open = withoutSecret === 'open-in-development'
        return production
          ? signIf(open, 'webhooks.withoutSecret', 'It is open-in-development.')
          : onlyInProduction
      }),
  },
  'GUARD-072': {
    title: 'A sender proves little',
    severity: 'notice',
    explanation:
      'It sends the secret itself with every message instead of a signature: whoever reads one message can write others.',
    fix: 'Treat its messages as hints, and ask the sender’s API before acting on them.',
    run: ({ policy }) =>
      ifPresent('webhooks', policy.webhooks, ({ senders }) =>
        Object.entries(senders)
          .filter(([, { provider }]) => webhookProviders[provider].trust === 'shared-secret')
          .map(([name, { provider }]) => sign(`webhooks.senders.${name}`, `${provider} has no signature.`)),
      ),
  },
  'GUARD-073': {
    title: 'Old webhooks count as fresh',
    severity: 'warning',
    explanation: 'A recorded message can be sent again for as long, to any process that has forgotten it.',
    fix: 'Leave webhooks.toleranceMs at five minutes.',
    run: ({ policy }) =>
      ifPresent('webhooks', policy.webhooks, (webhooks) => {
        const { toleranceMs } = webhookDefaults(webhooks)
        return signIf(
          toleranceMs > longestToleranceMs,
          'webhooks.toleranceMs',
          `${toleranceMs / 60_000} minutes.`,
        )
      }),
  },
  'GUARD-075': {
    title: 'Outgoing requests may reach whole private networks',
    severity: 'warning',
    explanation:
      'Whoever can choose an address, in a workflow or a callback, reaches everything in the range: databases, administration pages, the cloud’s metadata.',
    fix: 'Allow single hosts with their port: intranet.example:8080.',
    run: ({ facts }) =>
      ifTold('egressAllow', facts.egressAllow, (entries) =>
        entries.filter(isWide).map((entry) => sign('egress.allow', `${entry} is more than a service.`)),
      ),
  },
}

/** Loopback without a port is as wide: everything that listens on this machine. */
function isWide(entry: string): boolean {
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|169\.254\.\d+\.\d+)$/i.test(entry)) return true
  const [address = '', prefix] = entry.split('/')
  const ip = parseIp(address)
  return ip !== undefined && prefix !== undefined && Number(prefix) < widestPrefix[ip.family]
}
