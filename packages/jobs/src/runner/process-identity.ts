// Tells whether the process behind a worker has provably ended. In doubt it has not: its lease decides then.
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What is needed to find a process again, and never to take another one for it. */
export interface ProcessIdentity {
  readonly host: string
  /** Differs after a restart of the machine. Empty where the system does not tell. */
  readonly boot: string
  /** Process numbers only mean something inside one namespace (container). */
  readonly namespace: string
  readonly pid: number
  /** Tells a process from a later one with the same number. Empty where the system does not tell. */
  readonly startedAt: string
}

/** The identity of this process. */
export function ownProcess(): ProcessIdentity {
  return {
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    pid: process.pid,
    startedAt: startOf(process.pid),
  }
}

/**
 * @param oneMachine true when everybody who uses this database is on one machine (SQLite): then a process from
 * before the machine's last start is dead, and one host name means one machine.
 */
export function isProvablyDead(
  other: ProcessIdentity,
  self: ProcessIdentity,
  oneMachine: boolean,
  look: (pid: number) => { readonly alive: boolean; readonly startedAt: string } = lookUp,
): boolean {
  if (other.host !== self.host) return false
  if (other.boot !== self.boot) return oneMachine && other.boot !== '' && self.boot !== ''
  // Without a boot id the host name alone would have to tell two machines apart.
  if (self.boot === '' && !oneMachine) return false
  if (other.namespace !== self.namespace) return false
  if (other.pid === self.pid) return other.startedAt !== self.startedAt
  const found = look(other.pid)
  if (!found.alive) return true
  return found.startedAt !== '' && other.startedAt !== '' && found.startedAt !== other.startedAt
}

function lookUp(pid: number): { alive: boolean; startedAt: string } {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Anything but "no such process" (EPERM: it is somebody else's) says that it lives.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') {
      return { alive: false, startedAt: '' }
    }
  }
  const startedAt = startOf(pid)
  return { alive: !startedAt.startsWith('Z'), startedAt }
}

// Field 22 of /proc/<pid>/stat, clock ticks since boot; the name in field 2 may hold spaces and brackets. A zombie
// (field 3) has ended and only waits for its parent to notice.
function startOf(pid: number): string {
  return attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? `Z${fields[19] ?? ''}` : (fields[19] ?? '')
  })
}

function attempt(read: () => string): string {
  try {
    return read()
  } catch {
    // Not Linux, or not permitted: the caller treats an empty text as unknown.
    return ''
  }
}
