'use client'
// The question before a provider signs somebody in no more.
import { type LinkedIdentity, unlinkIdentity } from '@levqor/client'
import { useRef } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toaster.tsx'

interface UnlinkDialogProps {
  readonly identity: LinkedIdentity | undefined
  readonly onClose: (unlinked: boolean) => void
}

export function UnlinkDialog({ identity, onClose }: UnlinkDialogProps) {
  const unlink = useAction({
    run: ({ id }: LinkedIdentity) => api.call(unlinkIdentity, { params: { id } }),
    onDone: (_, { provider }) => {
      showToast({ title: `Unlinked ${provider.name}` })
      onClose(true)
    },
  })
  // Keeps the name readable while the dialog fades out.
  const last = useRef(identity)
  if (identity) last.current = identity
  const name = last.current?.provider.name ?? ''
  return (
    <ConfirmDialog
      open={identity !== undefined}
      onOpenChange={(open) => {
        if (open) return
        unlink.forgetError()
        onClose(false)
      }}
      title={`Unlink ${name}?`}
      confirm={unlink.pending ? 'Unlinking…' : 'Unlink'}
      action={{ ...unlink, start: () => identity && unlink.start(identity) }}
    >
      Your account at {name} signs you in no more. Your other ways to sign in stay, and sessions go on.
    </ConfirmDialog>
  )
}
