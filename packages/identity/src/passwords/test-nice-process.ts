// A process of its own that hashes one password and tells how near to the front its threads stand.
import { createHashingThreads } from './hashing-threads.ts'
import { nicenesses } from './test-nicenesses.ts'

const like = { memory: 1024, passes: 1, parallelism: 1, salt: Buffer.alloc(16, 1), digest: Buffer.alloc(32) }
const { length } = await createHashingThreads({ count: 1 }).digest('one', like)
console.log(JSON.stringify({ length, nicest: Math.min(...nicenesses()) }))
