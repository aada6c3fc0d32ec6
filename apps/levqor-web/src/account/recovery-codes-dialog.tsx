'use client'
// Recovery codes, shown once. Closes only after the reader has said that they are kept somewhere.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'

interface RecoveryCodesDialogProps {
  readonly codes: readonly string[] | undefined
  readonly onDone: () => void
}

export function RecoveryCodesDialog({ codes, onDone }: RecoveryCodesDialogProps) {
  const [kept, setKept] = useState(false)
  function close() {
    setKept(false)
    onDone()
  }
  return (
    <AlertDialog.Root
      open={codes !== undefined}
      onOpenChange={(open, details) => {
        // Escape must not lose the only sight of them.
        if (!open && !kept) details.cancel()
        else if (!open) close()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">Keep your recovery codes</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 mb-4 text-soft">
            Each signs you in once when your phone is lost. They are shown only now: print them, or put them
            into your password manager, and not on the phone alone.
          </AlertDialog.Description>
          <ul
            aria-label="Recovery codes"
            className="grid gap-x-6 gap-y-1 rounded-panel border border-line bg-well px-4 py-3 font-mono text-small sm:grid-cols-2"
          >
            {codes?.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <div className="mt-2 flex flex-wrap gap-1">
            <CopyButton text={codes?.join('\n') ?? ''} what="codes" wide />
            <Button tone="quiet" size="small" onClick={() => download(codes ?? [])}>
              <Download aria-hidden />
              Download as text
            </Button>
          </div>
          <label className="mt-4 flex items-center gap-3 py-1">
            <input
              type="checkbox"
              className="size-5 shrink-0 accent-accent"
              checked={kept}
              onChange={(event) => setKept(event.target.checked)}
            />
            I have kept them
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

function download(codes: readonly string[]): void {
  const text = `Recovery codes for ${location.host}\nEach works once.\n\n${codes.join('\n')}\n`
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'recovery-codes.txt'
  link.click()
  URL.revokeObjectURL(address)
}
