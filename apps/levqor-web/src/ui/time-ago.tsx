'use client'
// A moment, relative to now, with the exact time on hover and for machines.
import { formatAgo, formatFull } from '../text/format-time.ts'
import { useNow } from './use-now.ts'

export function TimeAgo({ time, className }: { readonly time: string; readonly className?: string }) {
  const ms = Date.parse(time)
  const now = useNow(Math.abs(Date.now() - ms) < 60_000 ? 1_000 : 30_000)
  return (
    <time dateTime={time} title={formatFull(ms)} className={className}>
      {formatAgo(ms, now)}
    </time>
  )
}
