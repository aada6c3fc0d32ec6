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
 * browsers open in advance, nor those that fall idle later: they would hold a stop up until they time out.
 */
export function closingConnections(server: Server): ClosingConnections {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  let timer: NodeJS.Timeout | undefined
  function closeQuiet(): void {
    server.closeIdleConnections()
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
  return {
    start() {
      closeQuiet()
      timer ??= setInterval(closeQuiet, everyMs)
    },
    stop: () => clearInterval(timer),
  }
}
