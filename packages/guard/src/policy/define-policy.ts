// A policy is checked as a whole when the program starts: every problem at once, each with its place and its fix.
import { checkAbusePolicy } from '../abuse/abuse-policy.ts'
import { compileRanges } from '../address/cidr.ts'
import { checkCorsPolicy } from '../browser/cors-policy.ts'
import { isLoopbackOrigin, isOrigin } from '../browser/origins.ts'
import { guardError } from '../errors.ts'
import { checkHeaderPolicy } from '../headers/check-header-policy.ts'
import { checkLockoutPolicy } from '../lockout/lockout-policy.ts'
import { checkPenaltyPolicy } from '../penalty/penalty-policy.ts'
import { checkSocketPolicy } from '../sockets/socket-policy.ts'
import { checkTokenPolicy } from '../tokens/token-policy.ts'
import { checkWebhookPolicy } from '../webhooks/webhook-policy.ts'
import { checkDoor, checkNames, checkSameName } from './check-door.ts'
import { checkLimitRule } from './check-limit-rule.ts'
import { checkRoutes } from './check-routes.ts'
import { checkShadowedLimits } from './check-shadowed-limits.ts'
import type { Policy, PolicyProblem } from './policy.ts'

/**
 * Returns the policy itself, having checked it. Door names keep their type, so a route cannot name a door that does
 * not exist without the compiler saying so.
 * @throws GuardError `bad_policy` with all {@link PolicyProblem}s in `details`
 */
export function definePolicy<const P extends Policy>(policy: P): P {
  const problems = checkPolicy(policy)
  if (problems.length > 0) {
    const lines = problems.map((problem) => `${problem.path}: ${problem.code}. ${problem.fix}`)
    throw guardError('bad_policy', `The guard's policy cannot be used:\n${lines.join('\n')}`, problems)
  }
  return policy
}

/** Every problem of a policy; an empty list means it can be used. */
export function checkPolicy(policy: Policy): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const seen = new Map<string, string>()
  const { plainHttp } = policy.transport
  for (const [name, door] of Object.entries(policy.doors)) {
    const path = `doors.${name}`
    problems.push(...checkDoor(door, path, plainHttp), ...checkNames(door, path, seen))
  }
  problems.push(...checkLimitRule(policy.credentialGuesses, 'credentialGuesses', 'strangers'))
  problems.push(...checkSameName(policy.credentialGuesses, 'credentialGuesses', seen))
  const unmatched = policy.doors[policy.unmatched]
  if (unmatched === undefined || unmatched.authentication !== 'none') {
    problems.push({
      code: 'unmatched_door',
      path: 'unmatched',
      fix: 'Name a door with authentication "none".',
    })
  }
  // Only of limits that are right one by one can be said which of them is the stricter.
  if (problems.length === 0) problems.push(...checkShadowedLimits(policy.doors))
  problems.push(...checkOrigins(policy), ...checkTransport(policy.transport), ...checkAddresses(policy))
  problems.push(
    ...checkHeaderPolicy(policy.headers ?? {}, 'headers', plainHttp),
    ...checkRoutes(policy.routes ?? {}, policy.doors),
    ...checkPart(policy.cors, 'cors', checkCorsPolicy),
    ...checkPart(policy.penalties, 'penalties', checkPenaltyPolicy),
    ...checkPart(policy.lockout, 'lockout', checkLockoutPolicy),
    ...checkPart(policy.tokens, 'tokens', checkTokenPolicy),
    ...checkPart(policy.webhooks, 'webhooks', checkWebhookPolicy),
    ...checkPart(policy.sockets, 'sockets', (part, path) => checkSocketPolicy(part, path, policy.doors)),
    ...checkPart(policy.abuse, 'abuse', checkAbusePolicy),
  )
  return problems
}

function checkOrigins({ browser, cors, transport }: Policy): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const production = transport.plainHttp === 'require-https'
  for (const [name, origins] of [
    ['browser', browser.origins],
    ['cors', cors?.origins ?? []],
  ] as const) {
    for (const [index, origin] of origins.entries()) {
      const path = `${name}.origins[${index}]`
      if (!isOrigin(origin)) {
        // CORS says it with its own code.
        if (name === 'browser') problems.push({ code: 'origin_form', path, fix: originFix })
      } else if (production && origin.startsWith('http:') && !isLoopbackOrigin(origin)) {
        const fix =
          'HTTPS is required, so a page over plain HTTP cannot be one of ours: anybody on its way writes it.'
        problems.push({ code: 'origin_plain_http', path, fix })
      }
    }
  }
  return problems
}

const originFix = 'Write the exact origin, such as https://app.example, without path or slash.'

function checkTransport({ plainHttp, publicOrigin }: Policy['transport']): PolicyProblem[] {
  if (plainHttp !== 'require-https' && plainHttp !== 'allow') {
    return [{ code: 'transport_value', path: 'transport.plainHttp', fix: 'Use require-https or allow.' }]
  }
  if (plainHttp === 'allow' || (publicOrigin?.startsWith('https://') && isOrigin(publicOrigin))) return []
  const fix = 'Requiring HTTPS needs the https:// origin to redirect pages to.'
  return [{ code: 'public_origin', path: 'transport.publicOrigin', fix }]
}

function checkAddresses({ clientAddress }: Policy): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  try {
    compileRanges(clientAddress.trustedProxies)
  } catch (error) {
    const fix = error instanceof Error ? error.message : String(error)
    problems.push({ code: 'trusted_proxies', path: 'clientAddress.trustedProxies', fix })
  }
  const prefix = clientAddress.ipv6Prefix ?? 64
  if (!(Number.isInteger(prefix) && prefix >= 32 && prefix <= 128)) {
    problems.push({ code: 'ipv6_prefix', path: 'clientAddress.ipv6Prefix', fix: 'Use 32 to 128.' })
  }
  return problems
}

function checkPart<P>(
  part: P | undefined,
  path: string,
  check: (part: P, path: string) => PolicyProblem[],
): PolicyProblem[] {
  return part === undefined ? [] : check(part, path)
}
