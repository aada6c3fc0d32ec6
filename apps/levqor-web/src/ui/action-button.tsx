'use client'
// A button that starts something: busy while it runs, counting down when the server asked to wait.
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Button } from './button.tsx'

interface ActionButtonProps extends Omit<ComponentProps<typeof Button>, 'children'> {
  readonly action: { readonly pending: boolean; readonly secondsLeft: number }
  readonly children: ReactNode
  readonly icon?: ReactNode
}

export function ActionButton({ action, children, icon, disabled, ...props }: ActionButtonProps) {
  const waiting = action.secondsLeft > 0
  return (
    <Button disabled={disabled === true || action.pending || waiting} aria-busy={action.pending} {...props}>
      {action.pending ? <LoaderCircle aria-hidden className="animate-turn" /> : icon}
      {waiting ? <span>Again in {action.secondsLeft} s</span> : children}
    </Button>
  )
}
