// What Levqor's verbs work with beside their database handle.
import type { Database } from '@levqor/database'
import type { JobStore } from '@levqor/jobs'
import { verbsFor } from '@levqor/server'

export interface LevqorServices {
  readonly database: Database
  readonly jobs: JobStore
}

export const defineVerb = verbsFor<LevqorServices>()
