'use client'
// A button that starts something: busy while it runs, counting down when the server asked to wait.
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { formatWait } from '../text/format-wait.ts'
import { Button } from './button.tsx'

interface ActionButtonProps extends Omit<ComponentProps<typeof Button>, 'children'> {
  readonly action: { readonly pending: boolean; readonly secondsLeft: number }
  readonly children: ReactNode
  readonly icon?: ReactNode
}

export function ActionButton({ action, children, icon, disabled, onClick, ...props }: ActionButtonProps) {
  const waiting = action.secondsLeft > 0
  const resting = disabled === true || action.pending || waiting
  return (
    <Button
      {...props}
      // Not `disabled`: browsers take the focus from what is, and the keyboard would start anew at the top of the page.
      aria-disabled={resting}
      aria-busy={action.pending}
      onClick={(event) => {
        // Also keeps a form from being sent, by Enter in a field too: browsers press its button for that.
        if (resting) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {action.pending ? <LoaderCircle aria-hidden className="animate-turn" /> : icon}
      {waiting ? <span>Again in {formatWait(action.secondsLeft)}</span> : children}
    </Button>
  )
}
