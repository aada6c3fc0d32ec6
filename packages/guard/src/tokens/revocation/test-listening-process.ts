// A process of its own that says what it hears on the bus: `node test-listening-process.ts <redis url> <namespace>`.
import { Redis } from 'ioredis'
import { redisRevocationBus } from '../../redis/redis-revocation-bus.ts'
import { createRevocations } from './create-revocations.ts'
import { createMemoryRevocationStore } from './memory-revocation-store.ts'

const [, , url = '', namespace = ''] = process.argv
const revocations = createRevocations({
  store: createMemoryRevocationStore(),
  bus: redisRevocationBus({ client: new Redis(url), namespace }),
})
revocations.onRevoked(({ kind, id, cause }) => console.log(`${kind} ${id} ${cause}`))
const waiting = setInterval(() => {
  if (!revocations.alive) return
  clearInterval(waiting)
  console.log('listening')
}, 5)
