// What makes a policy's routes wrong: a route without a door is as open as the framework behind it.
import { parseRoute, type RoutePattern } from '../kernel/route-pattern.ts'
import { noSuchDoor } from './no-such-door.ts'
import type { Policy, PolicyProblem } from './policy.ts'

/** Hints cost a comparison with every door; nobody reads that many. */
const mostHints = 50

/** Problems of the routes: form, unknown doors, two routes that some framework cannot tell apart. */
export function checkRoutes(routes: NonNullable<Policy['routes']>, doors: Policy['doors']): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const seen = new Map<string, { readonly text: string; readonly door: string }>()
  for (const [text, door] of Object.entries(routes)) {
    const path = `routes["${text}"]`
    if (!Object.hasOwn(doors, door)) {
      problems.push({
        code: 'route_door',
        path,
        fix: noSuchDoor(door, problems.length < mostHints ? doors : {}),
      })
    }
    const route = parseRoute(text)
    if (typeof route === 'string') {
      problems.push({ code: 'route_form', path, fix: route })
      continue
    }
    const shape = shapeOf(route)
    const before = seen.get(shape)
    seen.set(shape, { text, door })
    if (before === undefined) continue
    const same = before.door === door
    const fix = same
      ? `"${before.text}" is the same route: keep one of them.`
      : `"${before.text}" is the same route to some frameworks, but stands at "${before.door}".`
    problems.push({ code: same ? 'route_twice' : 'route_contradiction', path, fix })
  }
  return problems
}

/** Equal for routes that differ only in parameter names, letter case or a slash at the end. */
function shapeOf({ method, segments }: RoutePattern): string {
  const kept = segments.length > 1 && segments.at(-1) === '' ? segments.slice(0, -1) : segments
  return `${method} ${kept.map((part) => (part.startsWith(':') ? ':' : part.toLowerCase())).join('/')}`
}
