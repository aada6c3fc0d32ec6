'use client'
// Asks for a passkey, and says what went wrong where it was asked for.
import { Fingerprint } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Action } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { classNames } from '../ui/class-names.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'

interface PasskeyButtonProps {
  readonly action: Action<void>
  readonly tone?: 'primary' | 'plain'
  /** Of the button and what it says together. */
  readonly className?: string
  readonly children: ReactNode
}

/**
 * @example
 * const prove = useAction({ run: proveWithPasskey, onDone })
 * <PasskeyButton action={prove}>Use a passkey</PasskeyButton>
 */
export function PasskeyButton({ action, tone = 'plain', className, children }: PasskeyButtonProps) {
  return (
    <div className={classNames('flex flex-col gap-3', className)}>
      <ActionButton
        action={action}
        tone={tone}
        icon={<Fingerprint aria-hidden />}
        onClick={() => {
          action.forgetError()
          action.start()
        }}
      >
        {action.pending ? 'Waiting for your device…' : children}
      </ActionButton>
      {action.error ? <ProblemNotice error={action.error} secondsLeft={action.secondsLeft} /> : null}
    </div>
  )
}
