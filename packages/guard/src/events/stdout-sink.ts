// One JSON line per event, its message marked [SECURITY] so that a plain text search finds every one.
import type { SecurityEvent } from './catalogue.ts'
import type { SecurityEventSink } from './event-sink.ts'

const levels = { info: 'info', notice: 'info', warning: 'warn', critical: 'error' } as const

/** Writes to standard output or any other stream; waits when the stream is full. */
export function stdoutSink(stream: NodeJS.WritableStream = process.stdout): SecurityEventSink {
  return {
    name: 'stdout',
    write: (events) =>
      new Promise((resolve, reject) => {
        stream.write(events.map(formatSecurityLine).join(''), (error) => (error ? reject(error) : resolve()))
      }),
  }
}

/** The line, with its line feed. */
export function formatSecurityLine(event: SecurityEvent): string {
  const { time, event: name, severity, requestId, actorId, workspaceId, address, details } = event
  return `${JSON.stringify({
    level: levels[severity],
    time: new Date(time).toISOString(),
    msg: `[SECURITY] ${name}`,
    event: name,
    severity,
    request_id: requestId,
    actor_id: actorId,
    workspace_id: workspaceId,
    address,
    details,
  })}\n`
}
