// Small facts about one thing, as a list of terms.
import type { ReactNode } from 'react'

export interface Fact {
  readonly term: string
  readonly value: ReactNode
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-small">
      {facts.map((fact) => (
        <div key={fact.term} className="contents">
          <dt className="text-faint">{fact.term}</dt>
          <dd className="min-w-0 wrap-anywhere">{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
