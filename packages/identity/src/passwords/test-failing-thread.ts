// Stands in for a hashing thread: fails at once, or ends without a word.
import { parentPort } from 'node:worker_threads'
import type { HashingJob } from './hashing-job.ts'

parentPort?.on('message', ({ password }: HashingJob) => {
  if (password === 'throw') throw new Error('Out of order')
  process.exit()
})
