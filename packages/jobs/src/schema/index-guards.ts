// A condition per index that is always true and that only the statements made for this index repeat.
//
// PostgreSQL keeps the plan of a prepared statement. Made while the table is new, when every index is guessed to
// hold one row, that plan may take any index that fits somehow: measured, an enqueue that read all queued rows of
// another index (0.1 ms became 4 ms at 18,000 rows) until the next ANALYZE. A partial index can be used only by a
// statement that implies its condition, so with these each statement has one index to choose and no guess to make.

export const indexGuards = {
  /** jobs_claim */
  claim: 'run_at >= 0',
  /** jobs_share */
  share: 'virtual_time >= 0',
  /** jobs_lease */
  lease: 'lease_until >= 0',
  /** jobs_state */
  state: 'claims >= 0',
  /** jobs_list */
  list: 'created_at >= 0',
} as const
