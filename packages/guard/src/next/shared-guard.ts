// One guard per process. Next bundles the proxy, the instrumentation and the routes apart, each with module instances
// of its own: a guard per bundle would count every limit several times over.
import type { Guard } from '../index.ts'

const guardKey = Symbol.for('@levqor/guard/next shared guard')

/**
 * The process's guard, made by the first caller.
 * @example
 * export const guard = sharedGuard(() => createGuard({ policy, store, events }))
 */
export function sharedGuard(create: () => Guard): Guard {
  // Nothing else writes to this symbol.
  const known = Reflect.get(globalThis, guardKey) as Guard | undefined
  if (known !== undefined) return known
  const guard = create()
  Object.defineProperty(globalThis, guardKey, { value: guard })
  return guard
}
