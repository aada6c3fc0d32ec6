// Hooks that run once a transaction is on disk: wake-ups, never work that must not be lost.

/** Runs every hook; one that throws is reported as a process warning and cannot undo what is committed. */
export function runAfterCommit(hooks: readonly (() => void)[]): void {
  for (const hook of hooks) {
    try {
      hook()
    } catch (error) {
      process.emitWarning(`An after-commit hook failed: ${String(error)}`, 'LevqorAfterCommit')
    }
  }
}
