// First tables of the job engine. Both dialects in one generator: only types and storage options differ.
import type { Migration } from '@levqor/database'

interface Words {
  readonly text: string
  readonly integer: string
  readonly json: string
  readonly jobsOptions: string
  readonly stepsOptions: string
  readonly options: string
}

const sqlite: Words = {
  text: 'TEXT',
  integer: 'INTEGER',
  json: 'TEXT',
  jobsOptions: 'STRICT',
  // Steps carry large outputs, which a clustered table would drag through its inner pages.
  stepsOptions: 'STRICT',
  options: 'STRICT, WITHOUT ROWID',
}

// Identifiers compare by byte: faster than the locale's order and the same as SQLite's.
// Rows move several times in their life, so pages keep room for the next version and vacuum comes early.
const postgres: Words = {
  text: 'TEXT COLLATE "C"',
  integer: 'BIGINT',
  json: 'JSONB',
  jobsOptions:
    'WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05)',
  stepsOptions: '',
  options: '',
}

// Index by index, who needs it. The conditions `>= 0` are explained in index-guards.ts.
// jobs_idempotency  the second enqueue with one key finds the first
// jobs_claim        claim reads its head
// jobs_share        the virtual time of a workspace's last queued job (fairness)
// jobs_due          jobs whose time comes next
// jobs_lease        leases that end next, and everything that runs
// jobs_state        lists by state, the cap on waiting jobs
// jobs_list         lists of all states
// jobs_dead         dead letters of all workspaces
// jobs_blocked      what waits for a person or a resource
// jobs_finished     retention
const script = ({ text, integer, json, jobsOptions, stepsOptions, options }: Words) => `
CREATE TABLE jobs (
  job_id ${text} NOT NULL PRIMARY KEY,
  workspace_id ${text} NOT NULL,
  queue ${text} NOT NULL,
  kind ${text} NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('scheduled', 'queued', 'running', 'blocked', 'succeeded', 'dead', 'cancelled')),
  initial_state ${text} NOT NULL CHECK (initial_state IN ('scheduled', 'queued')),
  state_reason ${text},
  priority ${integer} NOT NULL CHECK (priority BETWEEN 0 AND 2),
  virtual_time ${integer} NOT NULL,
  run_at ${integer} NOT NULL,
  payload ${json} NOT NULL,
  idempotency_key ${text},
  body_digest ${text},
  callback_url ${text},
  workflow_id ${text},
  workflow_version_id ${text},
  workflow_name ${text},
  parent_id ${text},
  request_id ${text},
  timeout_ms ${integer},
  max_failures ${integer} NOT NULL,
  retry_delays_ms ${json},
  claims ${integer} NOT NULL DEFAULT 0,
  failures ${integer} NOT NULL DEFAULT 0,
  crashes ${integer} NOT NULL DEFAULT 0,
  redrives ${integer} NOT NULL DEFAULT 0,
  cancel_requested ${integer} NOT NULL DEFAULT 0,
  worker ${text},
  claimed_at ${integer},
  lease_until ${integer},
  progress ${integer},
  cost_micros ${integer} NOT NULL DEFAULT 0,
  event_seq ${integer} NOT NULL DEFAULT 0,
  log_lines ${integer} NOT NULL DEFAULT 0,
  result ${json},
  error ${json},
  created_at ${integer} NOT NULL,
  started_at ${integer},
  finished_at ${integer}
) ${jobsOptions};
CREATE UNIQUE INDEX jobs_idempotency ON jobs (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_claim ON jobs (queue, priority, virtual_time, job_id) WHERE state = 'queued' AND run_at >= 0;
CREATE INDEX jobs_share ON jobs (workspace_id, queue, priority, virtual_time) WHERE state = 'queued' AND virtual_time >= 0;
CREATE INDEX jobs_due ON jobs (run_at, job_id) WHERE state = 'scheduled';
CREATE INDEX jobs_lease ON jobs (lease_until, job_id) WHERE state = 'running' AND lease_until >= 0;
CREATE INDEX jobs_state ON jobs (workspace_id, state, job_id) WHERE claims >= 0;
CREATE INDEX jobs_list ON jobs (workspace_id, job_id) WHERE created_at >= 0;
CREATE INDEX jobs_dead ON jobs (job_id) WHERE state = 'dead';
CREATE INDEX jobs_blocked ON jobs (queue, job_id) WHERE state = 'blocked';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE job_attempts (
  job_id ${text} NOT NULL,
  claim ${integer} NOT NULL,
  workspace_id ${text} NOT NULL,
  worker ${text} NOT NULL,
  started_at ${integer} NOT NULL,
  ended_at ${integer} NOT NULL,
  outcome ${text} NOT NULL,
  error ${json},
  redrive ${integer} NOT NULL,
  PRIMARY KEY (job_id, claim)
) ${options};

CREATE TABLE job_steps (
  job_id ${text} NOT NULL,
  step_id ${text} NOT NULL,
  workspace_id ${text} NOT NULL,
  position ${integer} NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'skipped', 'waiting')),
  connector ${text} NOT NULL,
  effect ${text} NOT NULL CHECK (effect IN ('idempotent', 'keyed', 'unsafe')),
  attempt ${integer} NOT NULL,
  claim ${integer} NOT NULL,
  input ${json},
  input_digest ${text},
  output ${json},
  error ${json},
  started_at ${integer} NOT NULL,
  finished_at ${integer},
  duration_ms ${integer},
  cost_micros ${integer} NOT NULL DEFAULT 0,
  decision ${text},
  PRIMARY KEY (job_id, step_id)
) ${stepsOptions};

CREATE TABLE job_events (
  job_id ${text} NOT NULL,
  seq ${integer} NOT NULL,
  workspace_id ${text} NOT NULL,
  type ${text} NOT NULL,
  data ${json} NOT NULL,
  created_at ${integer} NOT NULL,
  PRIMARY KEY (job_id, seq)
) ${options};

CREATE TABLE job_workers (
  worker_id ${text} NOT NULL PRIMARY KEY,
  process ${json} NOT NULL,
  queues ${json} NOT NULL,
  concurrency ${integer} NOT NULL,
  started_at ${integer} NOT NULL,
  seen_at ${integer} NOT NULL
) ${options};

CREATE TABLE job_shares (
  workspace_id ${text} NOT NULL PRIMARY KEY,
  weight ${integer} NOT NULL CHECK (weight BETWEEN 1 AND 10000)
) ${options};
`

export const migration0001: Migration = {
  number: 1,
  name: 'jobs',
  sqlite: script(sqlite),
  postgres: script(postgres),
}
