// The secret of a new key, shown once.
import type { NewApiKey } from '@levqor/client'
import { CodeBlock } from '../ui/code-block.tsx'
import { ShownOnceDialog } from '../ui/shown-once-dialog.tsx'

interface NewSecretDialogProps {
  readonly made: NewApiKey | undefined
  readonly onDone: () => void
}

export function NewSecretDialog({ made, onDone }: NewSecretDialogProps) {
  return (
    <ShownOnceDialog
      open={made !== undefined}
      title="Keep this secret now"
      about="It is the only time it is shown. We store just enough to recognise it, so nobody can read it out again."
      kept="I have put it in a safe place"
      onDone={onDone}
    >
      {made ? <CodeBlock code={made.secret} what="secret" /> : null}
    </ShownOnceDialog>
  )
}
