// Every route of Levqor's API. The tests that try all of them with foreign identifiers read this table.
import { identityRoutes } from '@levqor/identity'
import type { Route } from '@levqor/server'
import { jobRoutes } from '../modules/jobs/routes.ts'
import { operationRoutes } from '../modules/operations/routes.ts'
import { securityRoutes } from '../modules/security/routes.ts'
import { workflowRoutes } from '../modules/workflows/routes.ts'
import type { LevqorServices } from '../services.ts'

export const levqorRoutes: readonly Route<LevqorServices>[] = [
  ...jobRoutes,
  ...workflowRoutes,
  ...identityRoutes,
  ...operationRoutes,
  ...securityRoutes,
]
