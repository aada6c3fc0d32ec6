// A policy is checked as a whole when the program starts: every problem at once, each with its place and its fix.
import { compileRanges } from '../address/cidr.ts'
import { guardError } from '../errors.ts'
import type { LimitRule } from '../limits/limit.ts'
import { checkLimitRule } from './check-limit-rule.ts'
import type { DoorRule, Policy, PolicyProblem } from './policy.ts'

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
  for (const [name, door] of Object.entries(policy.doors)) {
    problems.push(...checkDoor(door, `doors.${name}`), ...checkNames(door, `doors.${name}`, seen))
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
  for (const [index, origin] of policy.browser.origins.entries()) {
    if (!isOrigin(origin)) {
      const fix = 'Write the exact origin, such as https://app.example, without path or slash.'
      problems.push({ code: 'origin_form', path: `browser.origins[${index}]`, fix })
    }
  }
  const { plainHttp, publicOrigin } = policy.transport
  if (plainHttp === 'require-https' && !(publicOrigin?.startsWith('https://') && isOrigin(publicOrigin))) {
    const fix = 'Requiring HTTPS needs the https:// origin to redirect pages to.'
    problems.push({ code: 'public_origin', path: 'transport.publicOrigin', fix })
  }
  try {
    compileRanges(policy.clientAddress.trustedProxies)
  } catch (error) {
    const fix = error instanceof Error ? error.message : String(error)
    problems.push({ code: 'trusted_proxies', path: 'clientAddress.trustedProxies', fix })
  }
  const prefix = policy.clientAddress.ipv6Prefix ?? 64
  if (!(Number.isInteger(prefix) && prefix >= 32 && prefix <= 128)) {
    problems.push({ code: 'ipv6_prefix', path: 'clientAddress.ipv6Prefix', fix: 'Use 32 to 128.' })
  }
  return problems
}

function checkDoor(door: DoorRule, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const actors = door.actors ?? []
  door.strangers.forEach((rule, i) => {
    problems.push(...checkLimitRule(rule, `${path}.strangers[${i}]`, 'strangers'))
  })
  actors.forEach((rule, i) => {
    problems.push(...checkLimitRule(rule, `${path}.actors[${i}]`, 'actors'))
  })
  const anonymous = door.authentication === 'none'
  if (anonymous && actors.length > 0) {
    const fix = 'Nobody is asked who they are at this door: move the limits to strangers.'
    problems.push({ code: 'door_actors_unknown', path: `${path}.actors`, fix })
  }
  const unlimited = door.unlimited !== undefined && door.unlimited !== ''
  const limited = door.strangers.length > 0 && (anonymous || actors.length > 0)
  if (unlimited === limited) {
    const fix = unlimited
      ? 'It declares limits and says that it needs none: keep one of the two.'
      : 'Declare limits for strangers and for actors, or say in "unlimited" why none are needed.'
    problems.push({ code: unlimited ? 'door_contradiction' : 'door_without_limits', path, fix })
  }
  if (
    door.crossSite === 'accept' &&
    ['session', 'session-or-key', 'optional'].includes(door.authentication)
  ) {
    const fix = 'A door that accepts a cookie must refuse cross-site requests.'
    problems.push({ code: 'door_cross_site', path: `${path}.crossSite`, fix })
  }
  return problems
}

function checkNames(door: DoorRule, path: string, seen: Map<string, string>): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  for (const stage of ['strangers', 'actors'] as const) {
    const inDoor = new Set<string>()
    for (const [i, rule] of (door[stage] ?? []).entries()) {
      const at = `${path}.${stage}[${i}]`
      if (inDoor.has(rule.name)) {
        problems.push({ code: 'limit_twice', path: at, fix: 'Name each limit of a door once.' })
      }
      inDoor.add(rule.name)
      problems.push(...checkSameName(rule, at, seen))
    }
  }
  return problems
}

function checkSameName(rule: LimitRule, path: string, seen: Map<string, string>): PolicyProblem[] {
  const text = JSON.stringify(rule)
  const before = seen.get(rule.name)
  seen.set(rule.name, text)
  if (before === undefined || before === text) return []
  const fix = `Two different limits are called "${rule.name}": rename one, or make them equal.`
  return [{ code: 'limit_name_conflict', path, fix }]
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}
