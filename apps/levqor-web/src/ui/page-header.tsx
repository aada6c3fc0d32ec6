// The top of every page: where we are, what it is, what can be done here.
import type { ReactNode } from 'react'

interface PageHeaderProps {
  readonly title: ReactNode
  readonly about?: ReactNode
  readonly above?: ReactNode
  readonly actions?: ReactNode
}

export function PageHeader({ title, about, above, actions }: PageHeaderProps) {
  return (
    <header className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <div className="min-w-0">
        {above ? <div className="mb-2 text-small text-faint">{above}</div> : null}
        <h1 className="text-display font-semibold">{title}</h1>
        {about ? <div className="mt-2 max-w-[62ch] text-soft">{about}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  )
}
