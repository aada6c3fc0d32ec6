// How far a job is, as a thin line.
import type { JobSummary } from '@levqor/client'
import { classNames } from '../ui/class-names.ts'

interface JobProgressProps {
  readonly progress: JobSummary['progress']
  readonly label: string
  readonly className?: string
}

export function JobProgress({ progress, label, className }: JobProgressProps) {
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={progress}
      className={classNames('block h-1.5 overflow-hidden rounded-full bg-busy-wash', className)}
    >
      <span
        className="block h-full rounded-full bg-busy transition-[width] duration-500"
        style={{ width: `${progress}%` }}
      />
    </span>
  )
}
