// The mark of the product: three steps of a job, one after the other.
import { classNames } from './class-names.ts'

export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden
      className={classNames('size-6 text-accent', className)}
      fill="currentColor"
    >
      <rect x="1" y="3" width="11" height="4.5" rx="2.25" opacity="0.4" />
      <rect x="6" y="9.75" width="11" height="4.5" rx="2.25" opacity="0.7" />
      <rect x="12" y="16.5" width="11" height="4.5" rx="2.25" />
    </svg>
  )
}
