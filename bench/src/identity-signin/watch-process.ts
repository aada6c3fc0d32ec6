// Loaded into the server before its program: on SIGUSR2 it writes what its event loop and memory have been through since
// the last time, as one line of JSON on standard error.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
let mostBytes = 0
setInterval(() => {
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss())
}, 20).unref()

process.on('SIGUSR2', () => {
  const rss = process.memoryUsage.rss()
  const watched = {
    loop_p99_ms: delay.percentile(99) / 1e6,
    loop_max_ms: delay.max / 1e6,
    rss_mb: rss / 2 ** 20,
    most_rss_mb: Math.max(mostBytes, rss) / 2 ** 20,
  }
  process.stderr.write(`watched ${JSON.stringify(watched)}\n`)
  delay.reset()
  mostBytes = 0
})
