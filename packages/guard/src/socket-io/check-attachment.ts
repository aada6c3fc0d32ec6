// The boot check: a Socket.IO server that was not created with the guard's options, or that would let somebody in past
// the guard, does not start.
import { type Guard, guardError } from '../index.ts'
import type { SocketGate } from '../sockets/index.ts'
import type { GuardableServer } from './guardable-server.ts'
import { gateBehind } from './socket-io-options.ts'

/**
 * The gate that the server was created with.
 * @throws GuardError `recovery_skips_middleware`, `socket_options_missing`, `guard_late`; `details` lists all problems
 */
export function checkAttachment(io: GuardableServer, guard: Guard): SocketGate {
  // Before a server is attached there is no engine, whatever its type says.
  const engine: GuardableServer['engine'] | undefined = io.engine
  const found = engine?.opts
  const ours = gateBehind(found?.allowRequest)
  const problems: string[] = []
  if (io._opts.connectionStateRecovery !== undefined) problems.push(recovery)
  if (found === undefined) {
    problems.push('The server listens nowhere yet: give it its HTTP server first, then call guardSocketIo.')
  } else if (ours?.gate.guard !== guard) {
    problems.push('allowRequest is not the guard’s: new Server(httpServer, { ...socketIoOptions(guard) }).')
  } else {
    const { options } = ours
    if (found.maxHttpBufferSize !== options.maxHttpBufferSize) {
      problems.push('maxHttpBufferSize was changed: set sockets.maxFrameBytes in the policy instead.')
    }
    // The engine writes `false` where its types say nothing.
    const cors: unknown = found.cors
    if (cors !== undefined && cors !== false && cors !== options.cors) {
      problems.push('cors was changed: list the origins in browser.origins of the policy instead.')
    }
    if (found.transports?.includes('webtransport') === true) {
      problems.push('transports has "webtransport", whose connections pass by allowRequest: leave it out.')
    }
  }
  if (engine === undefined || ours === undefined || problems.length > 0) {
    const code = problems.includes(recovery) ? 'recovery_skips_middleware' : 'socket_options_missing'
    throw guardError(code, `Socket.IO cannot be guarded:\n${problems.join('\n')}`, problems)
  }
  if (engine.clientsCount > 0) {
    throw guardError(
      'guard_late',
      'Clients are connected already: call guardSocketIo before the server listens.',
    )
  }
  return ours.gate
}

/** Also with `skipMiddlewares: false`: Socket.IO sends what a client missed before it asks any middleware. */
const recovery =
  'connectionStateRecovery lets clients in, or sends them what they missed, before any middleware is asked: leave it out and let clients resume by a cursor of your own.'
