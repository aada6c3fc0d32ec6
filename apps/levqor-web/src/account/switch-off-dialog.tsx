'use client'
// Switching two-step sign-in off takes a code: whoever finds an open screen has none.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { endTotp } from '@levqor/client'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { buttonClass } from '../ui/button.tsx'
import { CodeDialog, CodeForm } from './code-dialog.tsx'

interface SwitchOffDialogProps {
  readonly open: boolean
  /** It was chosen with the second factor and does not stand alone. */
  readonly passwordTooShort: boolean
  readonly onClose: () => void
  readonly onDone: () => void
}

export function SwitchOffDialog({ open, passwordTooShort, onClose, onDone }: SwitchOffDialogProps) {
  return (
    <CodeDialog
      open={open}
      title="Switch off two-step sign-in?"
      about={
        passwordTooShort
          ? 'Your password is too short to stand alone. Change it to a longer one first, above on this page, then switch two-step sign-in off.'
          : 'Signing in then asks for one thing only, and your recovery codes no longer work.'
      }
      onClose={onClose}
    >
      {passwordTooShort ? (
        <div className="mt-6 flex justify-end">
          <AlertDialog.Close className={buttonClass('primary')}>Back</AlertDialog.Close>
        </div>
      ) : (
        <SwitchOffForm onDone={onDone} />
      )}
    </CodeDialog>
  )
}

function SwitchOffForm({ onDone }: { readonly onDone: () => void }) {
  const end = useAction({
    run: (code: string) => api.call(endTotp, { body: { code } }),
    onDone,
  })
  return (
    <CodeForm
      action={end}
      field={{ kind: 'recovery', label: 'Code of your app, or a recovery code', autoFocus: true }}
      confirm={end.pending ? 'Switching off…' : 'Switch off'}
      cancel="Keep it on"
      tone="danger"
    />
  )
}
