// Numbers of every queue.
import type { QueueHealth } from '@levqor/client'
import { formatDuration } from '../text/format-time.ts'

const columns = ['Queue', 'Queued', 'Running', 'Scheduled', 'Blocked', 'Dead', 'Oldest waits'] as const

export function QueueTable({ queues }: { readonly queues: QueueHealth['queues'] }) {
  if (queues.length === 0) return <p className="text-soft">No queue has had a job yet.</p>
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling region needs a name and the focus
    <div
      role="region"
      aria-label="Queues"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: only so can a keyboard scroll it
      tabIndex={0}
      className="overflow-x-auto rounded-panel border border-line focus-visible:-outline-offset-2"
    >
      <table className="w-full text-right whitespace-nowrap">
        <thead className="bg-well text-small text-faint">
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="px-4 py-2.5 font-medium first:text-left">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.name} className="border-t border-line">
              <th scope="row" className="px-4 py-3 text-left font-medium">
                {queue.name}
              </th>
              <Count value={queue.queued} />
              <Count value={queue.running} />
              <Count value={queue.scheduled} />
              <Count value={queue.blocked} />
              <Count value={queue.dead} />
              <td className="px-4 py-3 text-soft">
                {queue.oldest_queued_seconds === null
                  ? '–'
                  : formatDuration(queue.oldest_queued_seconds * 1_000)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Count({ value }: { readonly value: number }) {
  return <td className={value === 0 ? 'px-4 py-3 text-faint' : 'px-4 py-3 font-semibold'}>{value}</td>
}
