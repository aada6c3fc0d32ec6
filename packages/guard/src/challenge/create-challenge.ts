// One driver for all providers: asks siteverify, reads the verdict strictly, never waits long and never throws.
import { createEgress, type Egress } from '../egress/create-egress.ts'
import { guardError } from '../errors.ts'
import type { Secret } from '../secrets/secret.ts'
import type { Challenge, ChallengeResult } from './challenge.ts'
import {
  type ChallengeProvider,
  type ChallengeProviderName,
  challengeProviders,
} from './challenge-providers.ts'

/** Settings of {@link createChallenge}. */
export interface ChallengeOptions {
  readonly provider: ChallengeProviderName
  /** The secret that belongs to the widget's site key. */
  readonly secret: Secret
  /**
   * Names of the sites whose widget counts, such as `app.example`: somebody else's page with the same site key must
   * not collect checks for ours.
   */
  readonly hostnames: readonly string[]
  /** The action that the widget was given, if it was given one. */
  readonly action?: string
  /** For `recaptcha-v3`: the least score that counts as a person (default 0.5). */
  readonly minimumScore?: number
  /** Longest wait for the provider (default 3 s). */
  readonly timeoutMs?: number
  /** Where to ask instead, for tests and for providers' regional addresses; needs an `egress` that may go there. */
  readonly endpoint?: string
  /** Default: the public internet and nothing else. */
  readonly egress?: Egress
}

/**
 * Creates a driver.
 * @throws GuardError `bad_challenge`
 * @example
 * const challenge = createChallenge({ provider: 'turnstile', secret, hostnames: ['app.example'] })
 * const guard = createGuard({ policy, store, challenge })
 */
export function createChallenge(options: ChallengeOptions): Challenge {
  checkOptions(options)
  const { secret, timeoutMs = 3000, egress = createEgress() } = options
  const provider: ChallengeProvider = challengeProviders[options.provider]
  const endpoint = options.endpoint ?? provider.endpoint
  return {
    async verify(token, clientIp) {
      let verdict: unknown
      try {
        const answer = await egress.fetch(endpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body: new URLSearchParams({
            secret: secret.reveal(),
            response: token,
            remoteip: clientIp,
          }).toString(),
          timeoutMs,
          maxBytes: 16_384,
          maxRedirects: 0,
        })
        verdict = JSON.parse(new TextDecoder().decode(answer.body))
      } catch {
        return 'unavailable'
      }
      return judge(verdict, provider, options)
    },
  }
}

/** Only a verdict that says yes in every respect is a yes. */
function judge(verdict: unknown, provider: ChallengeProvider, options: ChallengeOptions): ChallengeResult {
  if (field(verdict, 'success') !== true) {
    const codes = field(verdict, 'error-codes')
    if (!Array.isArray(codes) || codes.length === 0)
      return field(verdict, 'success') === false ? 'failed' : 'unavailable'
    return codes.every((code) => provider.ourFault.has(String(code))) ? 'unavailable' : 'failed'
  }
  const { hostnames, action, minimumScore = 0.5 } = options
  if (!hostnames.some((name) => name === field(verdict, 'hostname'))) return 'failed'
  if (action !== undefined && field(verdict, 'action') !== action) return 'failed'
  if (provider.scored) {
    const score = field(verdict, 'score')
    if (typeof score !== 'number' || score < minimumScore) return 'failed'
  }
  return 'ok'
}

function checkOptions({ provider, hostnames, minimumScore = 0.5, endpoint }: ChallengeOptions): void {
  const problems: string[] = []
  if (!Object.hasOwn(challengeProviders, provider)) {
    problems.push(`provider: use one of ${Object.keys(challengeProviders).join(', ')}`)
  }
  if (hostnames.length === 0 || hostnames.some((name) => !/^[a-z0-9.-]+$/.test(name))) {
    problems.push('hostnames: name the sites that show the widget, such as app.example, without scheme')
  }
  if (!(minimumScore > 0 && minimumScore <= 1)) problems.push('minimumScore: use a number above 0, at most 1')
  if (endpoint !== undefined && !URL.canParse(endpoint)) problems.push('endpoint: use a whole URL')
  if (problems.length > 0) {
    throw guardError('bad_challenge', `The human check cannot be used:\n${problems.join('\n')}`, problems)
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
