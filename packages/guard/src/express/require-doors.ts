// The boot check of an Express application: every route of its routers stands at a door of the policy, and its
// handlers run behind that door only, whatever led there. Express finds routes its own way (the first one wins, letter
// case and slashes count little, middleware may rewrite path and method), so every route asks once more.
import type { Application, RequestHandler } from 'express'
import { type Guard, guardError, type RouteMatch } from '../index.ts'
import type { EnterDoor } from './enter-door.ts'
import { type ExpressRoute, readRoutes, samplePaths } from './read-routes.ts'

/** What binds an application's routes to its guard. */
export interface Binding {
  readonly guard: Guard
  readonly enter: EnterDoor
  /** Told that every route has its door. */
  passed(): void
}

/** The guard behind each middleware, so that the check needs the application only. */
export const bindings: WeakMap<RequestHandler, Binding> = new WeakMap()

/**
 * Call it when every route is there, before listening. From then on no route can be added.
 * @throws GuardError `guard_late` when the guard is not the first middleware; `door_missing` with every route that
 *   the policy's `routes` do not name, that cannot be read, or that stands at different doors; `router_too_old`
 * @example
 * requireDoors(app)
 * app.listen(3000)
 */
export function requireDoors(app: Application): void {
  if (Object.isFrozen(app.router.stack)) return
  const binding = bindingOf(app)
  const { routes, routers, problems } = readRoutes(app)
  const missing = [...problems]
  const readable = routes.filter((route) => route.patterns.length > 0)
  const bound = readable.map((route) => ({ route, doors: doorsOf(route, binding.guard, missing) }))
  if (missing.length > 0) {
    throw guardError('door_missing', `Routes without a door of the policy:\n${missing.join('\n')}`, missing)
  }
  for (const { route, doors } of bound) bindRoute(route, doors, binding)
  // A route added later would have no door: adding one fails where it happens.
  for (const { stack } of routers) Object.freeze(stack)
  binding.passed()
}

/** Routes of the policy that no Express route serves, as `GET /notes/:id`; those of static files are among them. */
export function unservedRoutes(app: Application): string[] {
  const { guard } = bindingOf(app)
  const served = new Set(
    readRoutes(app).routes.flatMap((route) =>
      methodsOf(route, guard).flatMap((method) => matchesOf(route, method, guard)),
    ),
  )
  return guard.routes
    .list()
    .filter((route) => ![...served].some((match) => match.route === route))
    .map(({ method, pattern }) => `${method} ${pattern}`)
}

function bindingOf(app: Application): Binding {
  const first = app.router.stack[0]
  const binding = first === undefined ? undefined : bindings.get(first.handle)
  if (binding === undefined) {
    throw guardError(
      'guard_late',
      'The guard must be the first: app.use(guardExpress(…)) before anything else.',
    )
  }
  return binding
}

/** The door of each method of a route; what is wrong goes to `missing`. */
function doorsOf(route: ExpressRoute, guard: Guard, missing: string[]): ReadonlyMap<string, RouteMatch> {
  const doors = new Map<string, RouteMatch>()
  const everyMethod = route.methods.has(undefined)
  for (const method of methodsOf(route, guard)) {
    const matches = matchesOf(route, method, guard)
    const names = new Set(matches.map((match) => (match.route === undefined ? 'none' : match.route.door)))
    const [first] = matches
    const name = `${method} ${route.patterns.join(', ')}`
    if (first === undefined || (names.size === 1 && first.route === undefined)) {
      if (!everyMethod) missing.push(`${name}: the policy's routes do not name it.`)
    } else if (names.size === 1) doors.set(method, first)
    else missing.push(`${name}: one handler, several doors (${[...names].join(', ')}).`)
  }
  if (everyMethod && doors.size === 0) {
    missing.push(`ALL ${route.patterns.join(', ')}: the policy's routes name no method of it.`)
  }
  return doors
}

function methodsOf(route: ExpressRoute, guard: Guard): string[] {
  const all = route.methods.has(undefined) ? guard.routes.list().map(({ method }) => method) : []
  return [...new Set([...route.methods, ...all])].filter((method) => method !== undefined)
}

function matchesOf(route: ExpressRoute, method: string, guard: Guard): RouteMatch[] {
  return route.patterns.flatMap((pattern) => {
    const catchesAll = /^\/\{?\*/.test(pattern)
    return samplePaths(pattern).map((path) => {
      const match = guard.routes.find(method, path)
      // `GET /*` is for what nobody named; it names nothing itself.
      return match.route?.pattern === '/*' && !catchesAll
        ? { door: guard.unmatched, route: undefined }
        : match
    })
  })
}

/** Puts the question before a route's first handler: is this the door that the guard opened? */
function bindRoute({ layer }: ExpressRoute, doors: ReadonlyMap<string, RouteMatch>, binding: Binding): void {
  const { handle } = layer
  const nowhere: RouteMatch = { door: binding.guard.unmatched, route: undefined }
  const headAsGet = !doors.has('HEAD')
  layer.handle = (request, response, next) => {
    const method = headAsGet && request.method === 'HEAD' ? 'GET' : request.method
    const match = doors.get(method) ?? nowhere
    if (request.guard.door === match.door && match.route !== undefined) {
      handle(request, response, next)
      return
    }
    binding.enter(match, request, response, (error) => {
      if (error === undefined) handle(request, response, next)
      else next(error)
    })
  }
}
