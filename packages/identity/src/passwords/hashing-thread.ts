// Entry of a hashing thread: one password after another, in the order in which they come.
import { argon2Sync } from 'node:crypto'
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { type HashingAnswer, type HashingJob, hashingNiceness } from './hashing-job.ts'

// On Linux a niceness belongs to a thread; elsewhere it would be that of the whole process.
if (process.platform === 'linux') standBack()

parentPort?.on('message', ({ id, ...job }: HashingJob) => {
  parentPort?.postMessage({ id, ...answer(job) } satisfies HashingAnswer)
})

/** A courtesy, never more: where the system forbids it (a service's filter of system calls), passwords are hashed all the same. */
function standBack(): void {
  try {
    // A process that was started further back stays there.
    if (getPriority() < hashingNiceness) setPriority(hashingNiceness)
  } catch (error) {
    console.error(
      'Passwords are hashed at the usual priority, as the system does not let it be lowered:',
      error,
    )
  }
}

function answer({ password, salt, length, memory, passes, parallelism }: Omit<HashingJob, 'id'>) {
  const parameters = { message: password, nonce: salt, tagLength: length, memory, passes, parallelism }
  try {
    return { digest: argon2Sync('argon2id', parameters) }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}
