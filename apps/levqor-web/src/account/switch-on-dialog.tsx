'use client'
// The secret for an authenticator app, to scan or to type in, and the first code as proof that it arrived.
import { confirmTotp } from '@levqor/client'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { CodeDialog, CodeForm } from './code-dialog.tsx'

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
    <CodeDialog
      open={setup !== undefined}
      title="Switch on two-step sign-in"
      about="Scan this with an authenticator app, then type in the code that the app shows. All other sessions of yours end."
      onClose={onClose}
    >
      {setup ? <ConfirmForm setup={setup} onDone={onDone} /> : null}
    </CodeDialog>
  )
}

interface ConfirmFormProps {
  readonly setup: TotpSetup
  readonly onDone: (recoveryCodes: readonly string[]) => void
}

function ConfirmForm({ setup, onDone }: ConfirmFormProps) {
  const confirm = useAction({
    run: (code: string) => api.call(confirmTotp, { body: { code } }),
    onDone: ({ recovery_codes }) => onDone(recovery_codes),
  })
  return (
    <CodeForm
      action={confirm}
      field={{ kind: 'digits', label: 'Code of your app' }}
      confirm={confirm.pending ? 'Checking…' : 'Switch on'}
      cancel="Cancel"
      tone="primary"
    >
      <div className="self-center">
        <QrCode text={setup.uri} label="QR code with the secret for your authenticator app" />
      </div>
      <div>
        <p className="mb-1.5 text-small text-faint">If you cannot scan it, type this secret into the app:</p>
        <CodeBlock code={setup.secret.replace(/.{4}(?=.)/g, '$& ')} what="secret" />
      </div>
    </CodeForm>
  )
}
