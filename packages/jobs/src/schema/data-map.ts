// What the job tables hold about people (see the data map's own rules in @levqor/database).
import type { DataMap, PersonalColumn } from '@levqor/database'

const customerData: PersonalColumn = {
  kind: 'whatever the workspace sends through its workflows',
  purpose: 'running the job it was submitted with, and showing what happened',
  basis: 'contract',
}

export const jobsDataMap: DataMap = {
  jobs: {
    tenancy: 'tenant',
    about: 'Every job: what to do, where it stands, its result or error.',
    personal: {
      payload: customerData,
      result: customerData,
      error: customerData,
      callback_url: customerData,
      idempotency_key: customerData,
    },
    retention: '30 days after success or cancellation, 90 days after death; unfinished jobs stay',
    export: 'workspace',
    erase: 'delete',
  },
  job_attempts: {
    tenancy: 'tenant',
    about: 'The timeline: one row per claim of a job.',
    personal: { error: customerData },
    retention: 'with its job',
    export: 'workspace',
    erase: 'delete',
  },
  job_steps: {
    tenancy: 'tenant',
    about: 'Checkpoints: input, output and cost of each step of a job.',
    personal: { input: customerData, output: customerData, error: customerData },
    retention: 'with its job',
    export: 'workspace',
    erase: 'delete',
  },
  job_events: {
    tenancy: 'tenant',
    about: 'Live progress and log lines of a job.',
    personal: { data: customerData },
    retention: 'with its job',
    export: 'workspace',
    erase: 'delete',
  },
  job_workers: {
    tenancy: 'global',
    about: 'Processes that run jobs, when they were last seen, and how to tell whether they are alive.',
    personal: {},
    retention: 'removed at stop, or a day after it was last seen',
    export: 'none',
    erase: { keep: 'holds nothing about a person' },
  },
  job_shares: {
    tenancy: 'tenant',
    about: 'The weight of a workspace in the fair order of queued jobs.',
    personal: {},
    retention: 'with its workspace',
    export: 'workspace',
    erase: 'delete',
  },
}
