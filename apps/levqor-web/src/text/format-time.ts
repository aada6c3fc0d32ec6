// Times and durations as people read them.

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const full = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** `14:03:09`, in the reader's time zone */
export function formatClock(ms: number): string {
  return clock.format(ms)
}

/** `21 Nov 2026, 14:03:09` */
export function formatFull(ms: number): string {
  return full.format(ms)
}

/** `just now`, `12 s ago`, `in 5 min`, then the day */
export function formatAgo(ms: number, now: number): string {
  const distanceMs = Math.abs(now - ms)
  if (distanceMs < 2_000) return 'just now'
  if (distanceMs > 7 * 86_400_000) return day.format(ms)
  // What is over has lasted at least so long; what is ahead is as far as the nearest number says.
  return ms > now ? `in ${coarse(distanceMs, Math.round)}` : `${coarse(distanceMs, Math.floor)} ago`
}

/** `84 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min` */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 59_950) return `${Number((ms / 1_000).toFixed(ms < 9_950 ? 1 : 0))} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function coarse(ms: number, whole: (count: number) => number): string {
  const seconds = whole(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = whole(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  const hours = whole(ms / 3_600_000)
  return hours < 24 ? `${hours} h` : `${whole(ms / 86_400_000)} d`
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
