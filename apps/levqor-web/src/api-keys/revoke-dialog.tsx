'use client'
// The question before a key stops working.
import { type ApiKey, revokeApiKey } from '@levqor/client'
import { useRef } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toaster.tsx'

interface RevokeDialogProps {
  readonly apiKey: ApiKey | undefined
  readonly onClose: (revoked: boolean) => void
}

export function RevokeDialog({ apiKey, onClose }: RevokeDialogProps) {
  const revoke = useAction({
    run: (id: string) => api.call(revokeApiKey, { params: { id } }),
    onDone: (key) => {
      showToast({ title: `Revoked “${key.name}”` })
      onClose(true)
    },
  })
  // Keeps the name readable while the dialog fades out.
  const last = useRef(apiKey)
  if (apiKey) last.current = apiKey
  return (
    <ConfirmDialog
      open={apiKey !== undefined}
      onOpenChange={(open) => {
        if (open) return
        revoke.forgetError()
        onClose(false)
      }}
      title={`Revoke “${last.current?.name ?? ''}”?`}
      confirm={revoke.pending ? 'Revoking…' : 'Revoke the key'}
      action={{ ...revoke, start: () => apiKey && revoke.start(apiKey.id) }}
    >
      Every program that uses it is turned away at once. This cannot be undone; a new key has a new secret.
    </ConfirmDialog>
  )
}
