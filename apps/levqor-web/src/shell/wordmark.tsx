// The name of the product, which leads home.
import { Mark } from '../ui/mark.tsx'
import { PageLink } from '../ui/page-link.tsx'

export function Wordmark() {
  return (
    <PageLink href="/jobs" className="inline-flex h-9 items-center gap-2.5 rounded-control pr-2">
      <Mark />
      <span className="text-[1.1875rem] font-bold tracking-[-0.035em]">levqor</span>
    </PageLink>
  )
}
