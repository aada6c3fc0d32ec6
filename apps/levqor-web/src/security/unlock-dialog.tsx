'use client'
// The question before failures are forgotten: whoever guessed may guess on.
import { type Lockout, unlock } from '@levqor/client'
import { useRef } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toaster.tsx'
import { lockoutWords } from './lockout-row.tsx'

interface UnlockDialogProps {
  readonly lockout: Lockout | undefined
  readonly onClose: (unlocked: boolean) => void
}

export function UnlockDialog({ lockout, onClose }: UnlockDialogProps) {
  const action = useAction({
    run: (id: string) => api.call(unlock, { body: { id } }),
    onDone: ({ unlocked }) => {
      const [kind] = unlocked
      showToast(
        kind === undefined
          ? { title: 'Failures forgotten', text: 'Nothing was locked by them.' }
          : { title: 'Unlocked', text: `${lockoutWords[kind]} was locked until now.` },
      )
      onClose(true)
    },
  })
  // Keeps the words readable while the dialog fades out.
  const last = useRef(lockout)
  if (lockout) last.current = lockout
  return (
    <ConfirmDialog
      open={lockout !== undefined}
      onOpenChange={(open) => {
        if (open) return
        action.forgetError()
        onClose(false)
      }}
      title="Forget these failed sign-ins?"
      confirm={action.pending ? 'Forgetting…' : 'Forget them'}
      cancel="Keep them"
      tone="primary"
      action={{ ...action, start: () => lockout && action.start(lockout.id) }}
    >
      {last.current ? `${lockoutWords[last.current.counts]}. ` : ''}
      Sign-ins are looked at again at once. If somebody is guessing, they may go on guessing.
    </ConfirmDialog>
  )
}
