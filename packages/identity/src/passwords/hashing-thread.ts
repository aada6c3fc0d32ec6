// Entry of a hashing thread: one password after another, in the order in which they come.
import { argon2Sync } from 'node:crypto'
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { type HashingAnswer, type HashingJob, hashingNiceness } from './hashing-job.ts'

// On Linux a niceness belongs to a thread; elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(hashingNiceness)

parentPort?.on('message', ({ id, ...job }: HashingJob) => {
  parentPort?.postMessage({ id, ...answer(job) } satisfies HashingAnswer)
})

function answer({ password, salt, length, memory, passes, parallelism }: Omit<HashingJob, 'id'>) {
  const parameters = { message: password, nonce: salt, tagLength: length, memory, passes, parallelism }
  try {
    return { digest: argon2Sync('argon2id', parameters) }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}
