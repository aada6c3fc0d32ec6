'use client'
// "Confirm that it is you": with a code, the password or a mailed code, whichever the account has.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { getProof } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { QueryGate } from '../ui/query-gate.tsx'
import { ProofForm } from './proof-form.tsx'

interface ProofDialogProps {
  readonly open: boolean
  readonly onEnd: (proven: boolean) => void
}

export function ProofDialog({ open, onEnd }: ProofDialogProps) {
  const proof = useQuery({
    queryKey: queryKeys.proof,
    queryFn: ({ signal }) => api.call(getProof, { signal }),
    enabled: open,
    // The ways of the account may have changed since the dialog was last open.
    gcTime: 0,
  })
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onEnd(false))}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup
          className={dialogPopupClass}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // It may lie above another dialog, which must stay.
            event.nativeEvent.stopImmediatePropagation()
            onEnd(false)
          }}
        >
          <AlertDialog.Title className="text-title font-semibold">Confirm that it is you</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 mb-5 text-soft">
            You signed in a while ago, and this is sensitive. It goes on by itself afterwards.
          </AlertDialog.Description>
          <QueryGate query={proof}>
            {({ methods }) => (
              <ProofForm methods={methods} onProven={() => onEnd(true)} onCancel={() => onEnd(false)} />
            )}
          </QueryGate>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
