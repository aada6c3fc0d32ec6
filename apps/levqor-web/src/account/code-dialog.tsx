'use client'
// A dialog that ends with a code: what surrounds switching two-step sign-in on and off.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { Action } from '../api/use-action.ts'
import { codeMessages } from '../sign-in/code-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'

interface CodeDialogProps {
  readonly open: boolean
  readonly title: string
  readonly about: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export function CodeDialog({ open, title, about, onClose, children }: CodeDialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-soft">{about}</AlertDialog.Description>
          {children}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

interface CodeFormProps {
  readonly action: Action<string>
  readonly field: {
    readonly kind: 'digits' | 'recovery'
    readonly label: string
    readonly autoFocus?: boolean
  }
  readonly confirm: string
  readonly cancel: string
  readonly tone: 'primary' | 'danger'
  /** Before the field. */
  readonly children?: ReactNode
}

/** The field of the dialog and its two buttons. It is drawn with the dialog, so that each opening begins empty. */
export function CodeForm({ action, field, confirm, cancel, tone, children }: CodeFormProps) {
  const id = useId()
  const [code, setCode] = useState('')
  const messages = codeMessages(action.error)
  return (
    <form
      noValidate
      className="mt-5 flex flex-col gap-5"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (code.trim() !== '') action.start(code.trim())
      }}
    >
      {children}
      {action.error && messages.length === 0 ? (
        <ProblemNotice error={action.error} secondsLeft={action.secondsLeft} />
      ) : null}
      <CodeField {...field} id={id} messages={messages} value={code} onChange={setCode} />
      <div className="flex flex-wrap justify-end gap-2">
        <AlertDialog.Close className={buttonClass('plain')}>{cancel}</AlertDialog.Close>
        <ActionButton action={action} type="submit" tone={tone} disabled={code.trim() === ''}>
          {confirm}
        </ActionButton>
      </div>
    </form>
  )
}
