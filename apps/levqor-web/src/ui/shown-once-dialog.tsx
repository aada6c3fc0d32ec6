'use client'
// Something secret that is shown once. Closes only after the reader has said that it is kept somewhere.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { dialogBackdropClass, dialogPopupClass } from './dialog-look.ts'

interface ShownOnceDialogProps {
  readonly open: boolean
  readonly title: string
  readonly about: string
  /** What the reader says before it closes. */
  readonly kept: string
  readonly onDone: () => void
  readonly children: ReactNode
}

export function ShownOnceDialog({
  open,
  title,
  about,
  kept: keptWords,
  onDone,
  children,
}: ShownOnceDialogProps) {
  const [kept, setKept] = useState(false)
  function close() {
    setKept(false)
    onDone()
  }
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next, details) => {
        // Escape must not lose the only sight of it.
        if (!next && !kept) details.cancel()
        else if (!next) close()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 mb-4 text-soft">{about}</AlertDialog.Description>
          {children}
          <label className="mt-5 flex items-center gap-3 py-1">
            <input
              type="checkbox"
              className="size-5 shrink-0 accent-accent"
              checked={kept}
              onChange={(event) => setKept(event.target.checked)}
            />
            {keptWords}
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
