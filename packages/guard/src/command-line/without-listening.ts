// Keeps a module from opening a port while it is imported for its policy: what it would serve is nobody's business
// here, and the port may be the one that the running server has.
import { Server } from 'node:net'

/**
 * Runs `load` with `listen` of every server of this process opening nothing.
 * @throws Error with the code `listens` when it was called, even if `load` waits for it for ever
 */
export async function withoutListening<T>(load: () => Promise<T>): Promise<T> {
  const { listen } = Server.prototype
  const called = Promise.withResolvers<never>()
  let listened = false
  Server.prototype.listen = function refuse() {
    listened = true
    called.reject(Object.assign(new Error('A server began to listen.'), { code: 'listens' }))
    return this
  }
  // Whoever waits is told below; a module that fails first leaves nobody waiting.
  called.promise.catch(() => undefined)
  try {
    const loaded = await Promise.race([load(), called.promise])
    return listened ? await called.promise : loaded
  } finally {
    Server.prototype.listen = listen
  }
}

/** Whether that is what went wrong: it listened, or its port was taken. */
export function isListenError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(listens|EADDRINUSE)$/.test(String(error.code))
}
