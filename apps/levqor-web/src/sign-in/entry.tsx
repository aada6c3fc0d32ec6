// Pages outside the console: one quiet column beside a drawing of what happens inside.
import type { ReactNode } from 'react'
import { ThemeToggle } from '../theme/theme-toggle.tsx'
import { Mark } from '../ui/mark.tsx'
import { EntryDrawing } from './entry-drawing.tsx'

interface EntryProps {
  readonly title: string
  readonly children: ReactNode
}

export function Entry({ title, children }: EntryProps) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(26rem,1fr)_1.15fr]">
      <main className="flex flex-col bg-sheet px-6 py-8 sm:px-12">
        <div className="flex items-center gap-2.5">
          <Mark />
          <span className="text-[1.1875rem] font-bold tracking-[-0.035em]">levqor</span>
        </div>
        <div className="my-auto w-full max-w-sm self-center py-12">
          <h1 className="mb-4 text-display font-semibold">{title}</h1>
          {children}
        </div>
        <ThemeToggle />
      </main>
      <EntryDrawing />
    </div>
  )
}
