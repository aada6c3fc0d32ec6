'use client'
// The secret for an authenticator app, to scan or to type in, and the first code as proof that it arrived.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { confirmTotp } from '@levqor/client'
import { type FormEvent, useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { codeMessages } from '../sign-in/code-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { QrCode } from '../ui/qr-code.tsx'

export interface TotpSetup {
  readonly uri: string
  readonly secret: string
}

interface SwitchOnDialogProps {
  readonly setup: TotpSetup | undefined
  readonly onClose: () => void
  readonly onDone: (recoveryCodes: readonly string[]) => void
}

export function SwitchOnDialog({ setup, onClose, onDone }: SwitchOnDialogProps) {
  return (
    <AlertDialog.Root open={setup !== undefined} onOpenChange={(open) => (open ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">
            Switch on two-step sign-in
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-soft">
            Scan this with an authenticator app, then type in the code that the app shows. All other sessions
            of yours end.
          </AlertDialog.Description>
          {setup ? <ConfirmForm setup={setup} onDone={onDone} /> : null}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

interface ConfirmFormProps {
  readonly setup: TotpSetup
  readonly onDone: (recoveryCodes: readonly string[]) => void
}

function ConfirmForm({ setup, onDone }: ConfirmFormProps) {
  const id = useId()
  const [code, setCode] = useState('')
  const confirm = useAction({
    run: (text: string) => api.call(confirmTotp, { body: { code: text } }),
    onDone: ({ recovery_codes }) => onDone(recovery_codes),
  })
  const messages = codeMessages(confirm.error)
  return (
    <form
      noValidate
      className="mt-5 flex flex-col gap-5"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (code.trim() !== '') confirm.start(code.trim())
      }}
    >
      <div className="self-center">
        <QrCode text={setup.uri} label="QR code with the secret for your authenticator app" />
      </div>
      <div>
        <p className="mb-1.5 text-small text-faint">If you cannot scan it, type this secret into the app:</p>
        <CodeBlock code={setup.secret.replace(/.{4}(?=.)/g, '$& ')} what="secret" />
      </div>
      {confirm.error && messages.length === 0 ? (
        <ProblemNotice error={confirm.error} secondsLeft={confirm.secondsLeft} />
      ) : null}
      <CodeField
        id={id}
        kind="digits"
        label="Code of your app"
        messages={messages}
        value={code}
        onChange={setCode}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <AlertDialog.Close className={buttonClass('plain')}>Cancel</AlertDialog.Close>
        <ActionButton action={confirm} type="submit" tone="primary" disabled={code.trim() === ''}>
          {confirm.pending ? 'Checking…' : 'Switch on'}
        </ActionButton>
      </div>
    </form>
  )
}
