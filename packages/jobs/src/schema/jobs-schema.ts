// What the job engine tells the database about itself.
import type { PackageSchema } from '@levqor/database'
import { jobsDataMap } from './data-map.ts'
import { migration0001 } from './migration-0001-jobs.ts'

/** Pass it to `openDatabase({ schemas: [jobsSchema, …] })`. */
export const jobsSchema: PackageSchema = {
  name: 'jobs',
  migrations: [migration0001],
  dataMap: jobsDataMap,
}
