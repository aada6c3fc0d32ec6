// Kill switches: each protection can be turned down for an emergency or a roll-out, never silently.
import { guardError } from '../errors.ts'

/** `observe`: decide, record, let pass. */
export type ProtectionMode = 'enforce' | 'observe' | 'off'

/**
 * What can be switched. What proves who somebody is cannot (keys, sessions, tokens, lockout, links): lowered, it would
 * let anybody in as anybody, and CORS cannot because without it less is allowed, not more.
 */
export const protections = [
  'limits',
  'headers',
  'origin',
  'transport',
  'webhooks',
  'abuse',
  'penalties',
] as const
export type Protection = (typeof protections)[number]

/** Read before every use, so it must answer from memory. A database-backed one refreshes itself behind. */
export interface Switches {
  mode(protection: Protection): ProtectionMode
}

/** The environment's name for each switch that has one. */
export const switchVariables = {
  limits: 'RATELIMIT_ENABLED',
  headers: 'SECURITY_HEADERS_ENABLED',
  webhooks: 'WEBHOOK_VERIFY_ALL',
  abuse: 'ABUSE_GUARDS_ENABLED',
} as const satisfies Partial<Record<Protection, string>>

const modes: Readonly<Record<string, ProtectionMode>> = {
  enforce: 'enforce',
  true: 'enforce',
  on: 'enforce',
  '1': 'enforce',
  observe: 'observe',
  off: 'off',
  false: 'off',
  '0': 'off',
}

/** Everything enforced. */
export const allEnforced: Switches = { mode: () => 'enforce' }

/**
 * Switches from environment variables; what is not set is enforced.
 * @throws GuardError `bad_switch` for a value that is no mode: a typing error must not turn anything off or on
 */
export function switchesFromEnvironment(env: Readonly<Record<string, string | undefined>>): Switches {
  const set: Partial<Record<Protection, ProtectionMode>> = {}
  const bad: string[] = []
  for (const [protection, variable] of Object.entries(switchVariables)) {
    const value = env[variable]
    if (value === undefined || value === '') continue
    const mode = modes[value.toLowerCase()]
    if (mode === undefined) bad.push(variable)
    else set[protection as keyof typeof switchVariables] = mode // keys of that very table
  }
  if (bad.length > 0) {
    throw guardError('bad_switch', `${bad.join(', ')}: use enforce (true), observe or off (false).`, bad)
  }
  return { mode: (protection) => set[protection] ?? 'enforce' }
}
