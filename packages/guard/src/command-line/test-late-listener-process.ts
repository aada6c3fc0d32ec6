// An application that fails after it was imported, as one does whose port the running server has.
import { setTimeout as after } from 'node:timers/promises'

setTimeout(() => {
  throw Object.assign(new Error('listen EADDRINUSE: address already in use'), { code: 'EADDRINUSE' })
}, 10)

export async function policy() {
  await after(5000)
  return {}
}
