// Ending a connection for good. A WebSocket is closed by asking the client, who may keep sending for half a minute
// instead of answering: here the line is cut.
import type { EngineConnection } from './guardable-server.ts'

const graceMs = 1000

/** `now` drops what was not sent yet; `soon` lets the client read why, for a second. */
export function closeConnection(conn: EngineConnection, when: 'now' | 'soon'): void {
  conn.close(when === 'now')
  if (when === 'now') terminate(conn)
  else setTimeout(() => terminate(conn), graceMs).unref()
}

/** Polling has no line to cut: its requests end with the connection. */
function terminate({ transport }: EngineConnection): void {
  const line: unknown = Reflect.get(transport, 'socket')
  if (
    typeof line === 'object' &&
    line !== null &&
    'terminate' in line &&
    typeof line.terminate === 'function'
  ) {
    line.terminate()
  }
}
