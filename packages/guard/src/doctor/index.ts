// The doctor: checks with stable codes, and probes against a running server.
export type { DoctorCode, Sign } from './check.ts'
export { type CatalogueEntry, doctorCatalogue } from './check-table.ts'
export {
  type DoctorFinding,
  type DoctorReport,
  type DoctorServer,
  type DoctorTarget,
  doctor,
} from './doctor.ts'
export type { DoctorFacts, RedisFacts } from './doctor-facts.ts'
export type { ProbeError } from './probes/probe-client.ts'
export type { Credential } from './probes/visit.ts'
