// The end of a server's connections: whoever is being answered gets that answer, nobody else is waited for.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface ClosingConnections {
  /** Closes what is quiet, now and again until {@link stop}. */
  start(): void
  stop(): void
}

const everyMs = 50

/**
 * Node closes the connections that are idle at one moment. It does not count those on which nothing was ever sent, which
 * browsers open in advance, nor those that fall idle later: they would hold a stop up until they time out. A request may
 * have arrived that nobody has read yet, so a connection must be without one in two rounds; closed at first sight, 3 to 7
 * of 200 that came in the moment of the stop got no answer.
 */
export function closingConnections(server: Server): ClosingConnections {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  let timer: NodeJS.Timeout | undefined
  let unusedBefore: ReadonlySet<Socket> = new Set()
  function closeQuiet(): void {
    server.closeIdleConnections()
    const unused = new Set([...open].filter((socket) => socket.bytesRead === 0))
    for (const socket of unused) if (unusedBefore.has(socket)) socket.destroy()
    unusedBefore = unused
  }
  return {
    start() {
      closeQuiet()
      timer ??= setInterval(closeQuiet, everyMs)
    },
    stop: () => clearInterval(timer),
  }
}
