// The shape of what is coming. Read out once as "Loading".
import { classNames } from './class-names.ts'

export function SkeletonRows({
  rows = 6,
  className,
}: {
  readonly rows?: number
  readonly className?: string
}) {
  return (
    <div role="status" className={classNames('flex flex-col gap-px', className)}>
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <div key={key} aria-hidden className="flex items-center gap-4 border-b border-line py-4">
          <div className="h-4 w-24 animate-breathe rounded-tag bg-hover" />
          <div className="h-4 grow animate-breathe rounded-tag bg-hover" />
          <div className="h-4 w-16 animate-breathe rounded-tag bg-hover" />
        </div>
      ))}
    </div>
  )
}
