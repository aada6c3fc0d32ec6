// A policy is checked as a whole when the program starts: every problem at once, each with its place and its fix.
import { checkAbusePolicy } from '../abuse/abuse-policy.ts'
import { namedRanges, parseRange } from '../address/cidr.ts'
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
import { checkShaped, formatProblems } from './check-shaped.ts'
import { noSuchDoor } from './no-such-door.ts'
import type { Policy, PolicyProblem } from './policy.ts'
import { policyShape } from './policy-shapes.ts'

/**
 * Returns the policy itself, having checked it. Door names keep their type, so a route cannot name a door that does
 * not exist without the compiler saying so.
 * @throws GuardError `bad_policy` with all {@link PolicyProblem}s in `details`
 */
export function definePolicy<const P extends Policy>(policy: P): P {
  const problems = checkPolicy(policy)
  if (problems.length > 0) {
    throw guardError(
      'bad_policy',
      `The guard's policy cannot be used:\n${formatProblems(problems)}`,
      problems,
    )
  }
  return policy
}

/**
 * Every problem of a policy; an empty list means it can be used. Never throws, whatever it is given: policies come from
 * JSON and plain JavaScript too.
 */
export function checkPolicy(policy: Policy): PolicyProblem[] {
  return checkShaped(policyShape, policy, '', checkMeaning, 'policy')
}

/** What is wrong with a policy whose every value is of the right type. */
function checkMeaning(policy: Policy, _path: string, isBroken: (path: string) => boolean): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const seen = new Map<string, string>()
  const { plainHttp } = policy.transport
  if (Object.keys(policy.doors).length === 0) {
    problems.push({
      code: 'doors_none',
      path: 'doors',
      fix: 'Name at least the door for unmatched requests.',
    })
  }
  for (const [name, door] of Object.entries(policy.doors)) {
    const path = `doors.${name}`
    problems.push(...checkDoor(door, path, plainHttp), ...checkNames(door, path, seen))
  }
  problems.push(...checkLimitRule(policy.credentialGuesses, 'credentialGuesses', 'strangers'))
  problems.push(...checkSameName(policy.credentialGuesses, 'credentialGuesses', seen))
  // Without readable doors nothing can be said about their names.
  const doorsKnown = !isBroken('doors')
  if (doorsKnown && !isBroken(`doors.${policy.unmatched}.authentication`)) {
    problems.push(...checkUnmatched(policy))
  }
  // Only of limits that are right one by one can be said which of them is the stricter.
  if (problems.length === 0) problems.push(...checkShadowedLimits(policy.doors))
  problems.push(...checkOrigins(policy), ...checkTransport(policy.transport), ...checkAddresses(policy))
  problems.push(
    ...checkHeaderPolicy(policy.headers ?? {}, 'headers', plainHttp),
    ...(doorsKnown ? checkRoutes(policy.routes ?? {}, policy.doors) : []),
    ...checkPart(policy.cors, 'cors', checkCorsPolicy),
    ...checkPart(policy.penalties, 'penalties', checkPenaltyPolicy),
    ...checkPart(policy.lockout, 'lockout', checkLockoutPolicy),
    ...checkPart(policy.tokens, 'tokens', checkTokenPolicy),
    ...checkPart(policy.webhooks, 'webhooks', checkWebhookPolicy),
    ...checkPart(policy.sockets, 'sockets', (part, path) =>
      checkSocketPolicy(part, path, doorsKnown ? policy.doors : { [part.door]: {} }),
    ),
    ...checkPart(policy.abuse, 'abuse', checkAbusePolicy),
  )
  return problems
}

function checkUnmatched({ doors, unmatched }: Policy): PolicyProblem[] {
  const door = Object.hasOwn(doors, unmatched) ? doors[unmatched] : undefined
  if (door?.authentication === 'none') return []
  const fix = door === undefined ? noSuchDoor(unmatched, doors) : 'Name a door with authentication "none".'
  return [{ code: 'unmatched_door', path: 'unmatched', fix }]
}

function checkOrigins({ browser, cors, transport }: Policy): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const production = transport.plainHttp === 'require-https'
  if (!['deny', 'allow'].includes(browser.unknown ?? 'deny')) {
    problems.push({ code: 'origin_unknown', path: 'browser.unknown', fix: 'Use deny or allow.' })
  }
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
  for (const [i, entry] of clientAddress.trustedProxies.entries()) {
    const fix = proxyFix(entry)
    if (fix === undefined) continue
    problems.push({ code: 'trusted_proxies', path: `clientAddress.trustedProxies[${i}]`, fix })
  }
  if (!['x-forwarded-for', 'forwarded'].includes(clientAddress.header ?? 'forwarded')) {
    const fix = 'Use x-forwarded-for or forwarded, whichever your proxies write.'
    problems.push({ code: 'client_address_header', path: 'clientAddress.header', fix })
  }
  const prefix = clientAddress.ipv6Prefix ?? 64
  if (!(Number.isInteger(prefix) && prefix >= 32 && prefix <= 128)) {
    problems.push({ code: 'ipv6_prefix', path: 'clientAddress.ipv6Prefix', fix: 'Use 32 to 128.' })
  }
  return problems
}

function proxyFix(entry: string): string | undefined {
  if (Object.hasOwn(namedRanges, entry.trim())) return undefined
  const range = parseRange(entry.trim())
  if (range === undefined) {
    const sets = Object.keys(namedRanges).join(', ')
    return `Use a range such as 10.0.0.0/8, one address, or a set: ${sets}.`
  }
  const everybody = 'mask' in range ? range.mask === 0 : range.prefix === 0
  return everybody
    ? 'This believes everybody, so anybody could choose their address: name your own proxies only.'
    : undefined
}

function checkPart<P>(
  part: P | undefined,
  path: string,
  check: (part: P, path: string) => PolicyProblem[],
): PolicyProblem[] {
  return part === undefined ? [] : check(part, path)
}
