// What a list shows when there is nothing: why, and what to do about it.
import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

interface EmptyStateProps {
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <section className="rounded-panel border border-dashed border-line px-6 py-12">
      <div className="mx-auto flex max-w-xl flex-col items-center text-center">
        <Mark className="mb-5 size-10" />
        <h2 className="text-lead font-semibold">{title}</h2>
        {children ? <div className="mt-2 w-full text-soft">{children}</div> : null}
        {actions ? <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div> : null}
      </div>
    </section>
  )
}
