// Says quietly whether news arrives by itself.
import { classNames } from '../ui/class-names.ts'
import type { Liveness } from './use-live-job.ts'

const words: Readonly<Record<Exclude<Liveness, 'off'>, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
}

export function LiveSign({ liveness }: { readonly liveness: Liveness }) {
  if (liveness === 'off') return null
  return (
    <span className="inline-flex items-center gap-2 text-small text-faint">
      <span
        aria-hidden
        className={classNames(
          'size-2 rounded-full',
          liveness === 'live' ? 'animate-breathe bg-good' : 'border border-edge',
        )}
      />
      {words[liveness]}
    </span>
  )
}
