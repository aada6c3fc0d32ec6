'use client'
// Switching two-step sign-in off takes a code: whoever finds an open screen has none.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { endTotp } from '@levqor/client'
import { type FormEvent, useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { codeMessages } from '../sign-in/code-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'

interface SwitchOffDialogProps {
  readonly open: boolean
  /** It was chosen with the second factor and does not stand alone. */
  readonly passwordTooShort: boolean
  readonly onClose: () => void
  readonly onDone: () => void
}

export function SwitchOffDialog({ open, passwordTooShort, onClose, onDone }: SwitchOffDialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">
            Switch off two-step sign-in?
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-soft">
            {passwordTooShort
              ? 'Your password is too short to stand alone. Change it to a longer one first, above on this page, then switch two-step sign-in off.'
              : 'Signing in then asks for one thing only, and your recovery codes no longer work.'}
          </AlertDialog.Description>
          {passwordTooShort ? (
            <div className="mt-6 flex justify-end">
              <AlertDialog.Close className={buttonClass('primary')}>Back</AlertDialog.Close>
            </div>
          ) : (
            <SwitchOffForm onDone={onDone} />
          )}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function SwitchOffForm({ onDone }: { readonly onDone: () => void }) {
  const id = useId()
  const [code, setCode] = useState('')
  const end = useAction({
    run: (text: string) => api.call(endTotp, { body: { code: text } }),
    onDone,
  })
  const messages = codeMessages(end.error)
  return (
    <form
      noValidate
      className="mt-5 flex flex-col gap-5"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (code.trim() !== '') end.start(code.trim())
      }}
    >
      {end.error && messages.length === 0 ? (
        <ProblemNotice error={end.error} secondsLeft={end.secondsLeft} />
      ) : null}
      <CodeField
        id={id}
        kind="recovery"
        label="Code of your app, or a recovery code"
        messages={messages}
        autoFocus
        value={code}
        onChange={setCode}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <AlertDialog.Close className={buttonClass('plain')}>Keep it on</AlertDialog.Close>
        <ActionButton action={end} type="submit" tone="danger" disabled={code.trim() === ''}>
          {end.pending ? 'Switching off…' : 'Switch off'}
        </ActionButton>
      </div>
    </form>
  )
}
