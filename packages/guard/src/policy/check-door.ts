// What makes one door wrong: limits that cannot work, and rules that contradict each other.
import { acceptedCredentials, type CredentialKind } from '../kernel/identity.ts'
import type { LimitRule } from '../limits/limit.ts'
import { checkLimitRule } from './check-limit-rule.ts'
import type { DoorRule, PolicyProblem, TransportPolicy } from './policy.ts'

const values = {
  serves: ['api', 'page', 'asset'],
  crossSite: ['refuse', 'accept'],
  transport: ['policy', 'any'],
  onStoreFailure: ['deny', 'local', 'allow'],
} as const satisfies Partial<Record<keyof DoorRule, readonly string[]>>

const limitsFix = 'Declare limits for strangers and for actors, or say in "unlimited" why none are needed.'

/** Problems of one door. */
export function checkDoor(
  door: DoorRule,
  path: string,
  plainHttp: TransportPolicy['plainHttp'],
): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}${at}`, fix })
  const { authentication, strangers, actors = [], scopes, crossSite, transport } = door
  for (const [i, rule] of strangers.entries()) {
    problems.push(...checkLimitRule(rule, `${path}.strangers[${i}]`, 'strangers'))
  }
  for (const [i, rule] of actors.entries()) {
    problems.push(...checkLimitRule(rule, `${path}.actors[${i}]`, 'actors'))
  }
  // A policy may come from a program without types: a word that means nothing must not mean "open".
  for (const [name, allowed] of Object.entries(values)) {
    const value: unknown = Reflect.get(door, name)
    if (value === undefined && name !== 'onStoreFailure') continue
    if (!allowed.some((known) => known === value)) {
      say('door_value', `.${name}`, `Use one of: ${allowed.join(', ')}.`)
    }
  }
  if (!Object.hasOwn(acceptedCredentials, authentication)) {
    say(
      'door_authentication',
      '.authentication',
      `Use one of: ${Object.keys(acceptedCredentials).join(', ')}.`,
    )
    // Whoever passes there, strangers come first.
    if (strangers.length === 0 && door.unlimited === undefined)
      say('door_without_limits', '.strangers', limitsFix)
    return problems
  }
  const accepted: readonly CredentialKind[] = acceptedCredentials[authentication]
  const anonymous = accepted.length === 0
  if (anonymous && actors.length > 0) {
    const fix = 'Nobody is asked who they are at this door: move the limits to strangers.'
    say('door_actors_unknown', '.actors', fix)
  }
  if (anonymous && scopes !== undefined) {
    say('door_scopes', '.scopes', 'Nobody is asked who they are at this door, so nobody can hold a scope.')
  }
  const unlimited = door.unlimited !== undefined
  const limited = strangers.length > 0 && (anonymous || actors.length > 0)
  if (door.unlimited?.trim() === '') say('door_unlimited', '.unlimited', 'Say why it needs no limits.')
  else if (unlimited && limited) {
    const fix = 'The door declares limits and says that it needs none: keep one of the two.'
    say('door_contradiction', '.unlimited', fix)
  }
  if (!unlimited && !limited) {
    say('door_without_limits', strangers.length === 0 ? '.strangers' : '.actors', limitsFix)
  }
  if (crossSite === 'accept' && accepted.includes('session')) {
    say('door_cross_site', '.crossSite', 'A door that accepts a cookie must refuse cross-site requests.')
  }
  if (crossSite === 'refuse' && authentication === 'webhook') {
    say('door_cross_site', '.crossSite', 'Other programs call a webhook: leave it out.')
  }
  if (transport === 'any' && !anonymous && plainHttp === 'require-https') {
    const fix = 'Credentials would travel in the clear: only doors without any may answer over plain HTTP.'
    say('door_transport', '.transport', fix)
  }
  return problems
}

/** Limits of one name must be the same limit, because they share their counts. */
export function checkNames(door: DoorRule, path: string, seen: Map<string, string>): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  for (const stage of ['strangers', 'actors'] as const) {
    const inDoor = new Set<string>()
    for (const [i, rule] of (door[stage] ?? []).entries()) {
      const at = `${path}.${stage}[${i}]`
      if (inDoor.has(rule.name)) {
        problems.push({ code: 'limit_twice', path: `${at}.name`, fix: 'Name each limit of a door once.' })
      }
      inDoor.add(rule.name)
      problems.push(...checkSameName(rule, at, seen))
    }
  }
  return problems
}

/** Problems of one more limit of a name. */
export function checkSameName(rule: LimitRule, path: string, seen: Map<string, string>): PolicyProblem[] {
  const text = JSON.stringify(rule)
  const before = seen.get(rule.name)
  seen.set(rule.name, text)
  if (before === undefined || before === text) return []
  const fix = `Two different limits are called "${rule.name}": rename one, or make them equal.`
  return [{ code: 'limit_name_conflict', path, fix }]
}
