// CPU time that a process and its descendants have used so far. Linux only: elsewhere the figure is left out.
import { readFileSync } from 'node:fs'

// USER_HZ, which is 100 for every program on Linux whatever the kernel's own tick is.
const ticksPerSecond = 100

/** Milliseconds in user and kernel mode, all threads; undefined where /proc does not tell. See proc(5). */
export function cpuTimeMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 2 is the name and may hold spaces; utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const own = ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + (cpuTimeMs(Number(child)) ?? 0), own)
  } catch {
    // The process has ended, or this is not Linux.
    return undefined
  }
}
