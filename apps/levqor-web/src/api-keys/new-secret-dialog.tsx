'use client'
// Shows a new secret, once. Closes only after the reader has said that it is kept somewhere.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { NewApiKey } from '@levqor/client'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'

interface NewSecretDialogProps {
  readonly made: NewApiKey | undefined
  readonly onDone: () => void
}

export function NewSecretDialog({ made, onDone }: NewSecretDialogProps) {
  const [kept, setKept] = useState(false)
  function close() {
    setKept(false)
    onDone()
  }
  return (
    <AlertDialog.Root
      open={made !== undefined}
      onOpenChange={(open, details) => {
        // Escape must not lose the only sight of a secret.
        if (!open && !kept) details.cancel()
        else if (!open) close()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">Keep this secret now</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 mb-4 text-soft">
            It is the only time it is shown. We store just enough to recognise it, so nobody can read it out
            again.
          </AlertDialog.Description>
          {made ? <CodeBlock code={made.secret} what="secret" /> : null}
          <label className="mt-5 flex items-center gap-3 py-1">
            <input
              type="checkbox"
              className="size-5 shrink-0 accent-accent"
              checked={kept}
              onChange={(event) => setKept(event.target.checked)}
            />
            I have put it in a safe place
          </label>
          <div className="mt-5 flex justify-end">
            <Button tone="primary" disabled={!kept} onClick={close}>
              Done
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
