'use client'
// What is shown after something was mailed, in the same words whether it was.
import { MailCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { OutboxHint } from './outbox-hint.tsx'

interface MailSentProps {
  readonly children: ReactNode
  readonly note: ReactNode
  readonly again: string
  readonly onAgain: () => void
}

export function MailSent({ children, note, again, onAgain }: MailSentProps) {
  return (
    <div role="status">
      <MailCheck aria-hidden className="mb-4 size-8 text-accent" />
      <p className="text-lead">{children}</p>
      <p className="mt-3 text-soft">
        {note} <OutboxHint />
      </p>
      <Button className="mt-6" onClick={onAgain}>
        {again}
      </Button>
    </div>
  )
}
