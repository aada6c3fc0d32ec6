// A process of its own that kills what a test left running, however the test process ended.
//
// Vitest ends its workers by signals, so exit handlers inside them do not run. This one lives as long as
// its standard input is open, reads "+<pid>" and "-<pid>" lines, and at the end kills the groups that
// were not taken off the list.
import { createInterface } from 'node:readline'

const running = new Set<number>()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1))
    if (!(pid > 1)) return
    if (line.startsWith('+')) running.add(pid)
    else running.delete(pid)
  })
  .on('close', () => {
    for (const pid of running) {
      try {
        process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
      } catch {
        // Ended in the same moment.
      }
    }
    process.exit(0)
  })
