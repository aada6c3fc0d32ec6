// A state as sign and word; never by colour alone.
import { classNames } from './class-names.ts'
import { type AnyState, stateLooks, toneClasses } from './state-look.ts'

export function StateBadge({ state, className }: { readonly state: AnyState; readonly className?: string }) {
  const look = stateLooks[state]
  const tone = toneClasses[look.tone]
  return (
    <span
      className={classNames(
        'inline-flex h-6 items-center gap-1.5 rounded-tag px-2 text-tiny font-semibold whitespace-nowrap',
        tone.ink,
        tone.wash,
        className,
      )}
    >
      <look.icon aria-hidden className={classNames('size-3.5', state === 'running' && 'animate-turn')} />
      {look.word}
    </span>
  )
}

/** The sign alone, for places where the word stands beside it or is read out otherwise. */
export function StateSign({ state, className }: { readonly state: AnyState; readonly className?: string }) {
  const look = stateLooks[state]
  return (
    <>
      <look.icon
        aria-hidden
        className={classNames(
          'size-4 shrink-0',
          toneClasses[look.tone].ink,
          state === 'running' && 'animate-turn',
          className,
        )}
      />
      <span className="sr-only">{look.word}</span>
    </>
  )
}
