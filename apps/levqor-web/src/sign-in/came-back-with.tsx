// Says why somebody who came back from a provider is not where they wanted to be.
import { CircleAlert } from 'lucide-react'
import { classNames } from '../ui/class-names.ts'
import { problemWords } from './provider-problems.ts'

interface CameBackWithProps {
  /** Out of the address. */
  readonly problem: string | undefined
  readonly className?: string
}

export function CameBackWith({ problem, className }: CameBackWithProps) {
  const words = problemWords(problem)
  if (!words) return null
  return (
    <div role="alert" className={classNames('flex gap-3 rounded-panel bg-bad-wash px-4 py-3', className)}>
      <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
      <div className="min-w-0">
        <p className="font-semibold">{words.title}</p>
        <p className="text-soft">{words.text}</p>
      </div>
    </div>
  )
}
