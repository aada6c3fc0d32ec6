// The workers that have shown themselves lately.
import type { QueueHealth } from '@levqor/client'
import { TimeAgo } from '../ui/time-ago.tsx'

export function WorkerList({ workers }: { readonly workers: QueueHealth['workers'] }) {
  if (workers.length === 0)
    return <p className="text-wait">No worker is running: jobs wait until one starts.</p>
  return (
    <ul className="flex flex-col gap-2 text-small">
      {workers.map((worker) => (
        <li key={worker.id} className="flex flex-wrap justify-between gap-x-4">
          <code className="font-mono text-tiny leading-[1.7]">{worker.id}</code>
          <span className="text-soft">
            {worker.slots} at a time, seen <TimeAgo time={worker.seen_at} />
          </span>
        </li>
      ))}
    </ul>
  )
}
