// The Redis store with a clock of the caller's choice, for tests that replay a day in a second. Not part of the
// package's front doors: in production only the server's clock may decide.
import type { Clock } from '../clock.ts'
import { limitScriptWithInjectedTime } from './limit-script.ts'
import {
  createScriptedLimitStore,
  type RedisLimitStore,
  type RedisLimitStoreOptions,
} from './redis-limit-store.ts'

/** The store on the script's test build. */
export function createInjectedTimeLimitStore(
  options: RedisLimitStoreOptions & { readonly clock: Clock },
): RedisLimitStore {
  return createScriptedLimitStore(options, limitScriptWithInjectedTime, () =>
    Math.floor(options.clock.now() * 1000),
  )
}
