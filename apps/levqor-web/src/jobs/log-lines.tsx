'use client'
// What the job's worker wrote down, oldest first; follows the end while the reader is there.
import type { JobLogLine } from '@levqor/client'
import { useEffect, useRef } from 'react'
import { formatClock } from '../text/format-time.ts'
import { classNames } from '../ui/class-names.ts'

const levelClasses: Readonly<Record<JobLogLine['level'], string>> = {
  info: 'text-faint',
  warn: 'font-semibold text-wait',
  error: 'font-semibold text-bad',
}

export function LogLines({ lines }: { readonly lines: readonly JobLogLine[] }) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs again for every new line
  useEffect(() => {
    const element = box.current
    if (element && atEnd.current) element.scrollTop = element.scrollHeight
  }, [lines.length])
  if (lines.length === 0) return <p className="text-small text-faint">Nothing has been written yet.</p>
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling region needs a name and the focus
    <div
      ref={box}
      role="region"
      aria-label="Log lines"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: only so can a keyboard scroll it
      tabIndex={0}
      onScroll={({ currentTarget: element }) => {
        atEnd.current = element.scrollTop + element.clientHeight > element.scrollHeight - 24
      }}
      className="max-h-80 overflow-y-auto rounded-panel border border-line bg-well px-4 py-3 font-mono text-tiny leading-relaxed"
    >
      <ol>
        {lines.map((line) => (
          <li key={line.seq} className="flex flex-wrap gap-x-3 sm:flex-nowrap">
            <time dateTime={line.time} className="shrink-0 text-faint tabular-nums">
              {formatClock(Date.parse(line.time))}
            </time>
            <span className={classNames('w-10 shrink-0', levelClasses[line.level])}>{line.level}</span>
            {line.step ? <span className="shrink-0 text-soft">{line.step}</span> : null}
            <span className="min-w-0 basis-full wrap-anywhere text-ink sm:basis-auto">{line.message}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
