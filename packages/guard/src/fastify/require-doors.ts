// The boot check: a route that names no door, or one the policy does not have, stops the start.
import type { FastifyInstance, RouteOptions } from 'fastify'
import { type Guard, guardError } from '../index.ts'

/** Checks every route from now on and puts it into the guard's table; refuses to begin when routes were added before. */
export function requireDoors(app: FastifyInstance, guard: Guard): void {
  const early = app.printRoutes({ commonPrefix: false }).trim()
  if (early !== '' && early !== '(empty tree)') {
    throw guardError(
      'guard_late',
      `Routes were added before the guard: await app.register(guardFastify(…)) before the first route.\n${early}`,
    )
  }
  app.addHook('onRoute', (route) => {
    const door = route.config?.door
    if (door === undefined) {
      const fix = `Add config: { door: '…' }. The policy has: ${Object.keys(guard.policy.doors).join(', ')}.`
      throw guardError('door_missing', `${nameOf(route)} names no door. ${fix}`)
    }
    if (guard.door(door) === undefined) {
      throw guardError(
        'door_unknown',
        `${nameOf(route)} names the door "${door}", which the policy does not have.`,
      )
    }
    // The address with the prefixes of the plugins around it.
    for (const method of [route.method].flat()) guard.routes.add(method, route.url, door)
  })
}

function nameOf(route: RouteOptions): string {
  return `${[route.method].flat().join('|')} ${route.url}`
}
