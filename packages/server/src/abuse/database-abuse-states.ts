// Devices and sign-up counts on our database.
import type { Database } from '@levqor/database'
import type { DeviceState, SignUpState } from '@levqor/guard/abuse'
import type { KeyedStates } from '@levqor/guard/lockout'
import { databaseStates, pruneStates } from '../lockout/database-states.ts'

/** @example createDeviceWatch({ policy, store: databaseDeviceStates(database), reviews, secret, events }) */
export function databaseDeviceStates(database: Database): KeyedStates<DeviceState> {
  return databaseStates<DeviceState>(database, { table: 'device_bindings', lockSpace: 0x64657669 })
}

/** @example createSignUpWatch({ policy, store: databaseSignUpStates(database), reviews, secret, events }) */
export function databaseSignUpStates(database: Database): KeyedStates<SignUpState> {
  return databaseStates<SignUpState>(database, { table: 'sign_up_counts', lockSpace: 0x7369676e })
}

/** Deletes what has lapsed; at most 1,000 rows of each table a call. Resolves to how many. */
export async function pruneAbuseStates(database: Database): Promise<number> {
  const devices = await pruneStates(database, 'device_bindings')
  return devices + (await pruneStates(database, 'sign_up_counts'))
}
