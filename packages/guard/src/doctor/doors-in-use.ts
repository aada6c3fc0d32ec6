// What happens behind a door, as far as its routes tell.
import { isUnsafeMethod } from '../browser/check-origin.ts'
import type { Guard } from '../kernel/create-guard.ts'
import type { Route } from '../kernel/route-table.ts'
import type { DoorRule, Policy } from '../policy/policy.ts'
import type { Patient } from './check.ts'

/** The guard's routes, those of its adapters included; without a guard those of the policy. */
export function routesOf(policy: Policy | undefined, guard: Guard | undefined): readonly Route[] {
  if (guard !== undefined) return guard.routes.list()
  return Object.entries(policy?.routes ?? {}).map(([route, door]) => {
    const space = route.indexOf(' ')
    return { method: route.slice(0, space), pattern: route.slice(space + 1), door }
  })
}

/** Whether something can be changed behind a door. Without routes: whether it knows its callers or may set a cookie. */
export function changesSomething({ policy, guard }: Patient, name: string, door: DoorRule): boolean {
  const routes = routesOf(policy, guard)
  if (routes.length > 0) return routes.some((route) => route.door === name && isUnsafeMethod(route.method))
  return door.authentication !== 'none' || (door.serves ?? 'api') === 'api'
}
