// The whole table: every code the doctor knows, what it means, what to do, and how it is found out.
import type { CheckText, ConfigurationChecks, DoctorCode } from './check.ts'
import { abuseChecks } from './checks/abuse-checks.ts'
import { addressChecks } from './checks/address-checks.ts'
import { browserChecks } from './checks/browser-checks.ts'
import { doorChecks } from './checks/door-checks.ts'
import { eventChecks } from './checks/event-checks.ts'
import { runtimeChecks } from './checks/runtime-checks.ts'
import { secretChecks } from './checks/secret-checks.ts'
import { socketChecks } from './checks/socket-checks.ts'
import { tokenChecks } from './checks/token-checks.ts'
import { webhookChecks } from './checks/webhook-checks.ts'
import { exposureProbes } from './probes/exposure-probes.ts'
import { headerProbes } from './probes/header-probes.ts'
import { limitProbes } from './probes/limit-probes.ts'
import { transportProbes } from './probes/transport-probes.ts'
import type { ProbeChecks } from './probes/visit.ts'

/** Rows that read the configuration. */
export const configurationChecks: ConfigurationChecks = {
  ...secretChecks,
  ...runtimeChecks,
  ...addressChecks,
  ...doorChecks,
  ...browserChecks,
  ...tokenChecks,
  ...webhookChecks,
  ...socketChecks,
  ...abuseChecks,
  ...eventChecks,
}

/** Rows that ask a running server, in the order in which they are asked: what fills the limits comes last. */
export const probeChecks: ProbeChecks = {
  ...transportProbes,
  ...headerProbes,
  ...exposureProbes,
  ...limitProbes,
}

/** One row as data. */
export interface CatalogueEntry extends CheckText {
  readonly code: DoctorCode
  readonly kind: 'configuration' | 'probe'
  /** Where it is explained, in the project's documentation. */
  readonly help: string
}

/** Every row, by code. */
export const doctorCatalogue: readonly CatalogueEntry[] = [
  ...entries(configurationChecks, 'configuration'),
  ...entries(probeChecks, 'probe'),
].sort((a, b) => (a.code < b.code ? -1 : 1))

/** Where a code is explained. */
export function helpFor(code: DoctorCode): string {
  return `docs/guard-doctor.md#${code.toLowerCase()}`
}

function entries(
  table: Readonly<Record<DoctorCode, CheckText>>,
  kind: CatalogueEntry['kind'],
): CatalogueEntry[] {
  return Object.entries(table).map(([code, { title, severity, explanation, fix }]) => {
    const known = code as DoctorCode // a key of this very table
    return { code: known, kind, title, severity, explanation, fix, help: helpFor(known) }
  })
}
