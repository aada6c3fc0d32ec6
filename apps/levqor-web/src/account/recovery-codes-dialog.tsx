'use client'
// Recovery codes, shown once.
import { Download } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { ShownOnceDialog } from '../ui/shown-once-dialog.tsx'

interface RecoveryCodesDialogProps {
  readonly codes: readonly string[] | undefined
  readonly onDone: () => void
}

export function RecoveryCodesDialog({ codes, onDone }: RecoveryCodesDialogProps) {
  return (
    <ShownOnceDialog
      open={codes !== undefined}
      title="Keep your recovery codes"
      about="Each signs you in once when your phone is lost. They are shown only now: print them, or put them into your password manager, and not on the phone alone."
      kept="I have kept them"
      onDone={onDone}
    >
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
    </ShownOnceDialog>
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
