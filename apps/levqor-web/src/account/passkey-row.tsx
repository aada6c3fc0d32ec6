'use client'
// One passkey: what it is called, where it is, when it was used, and the way to be rid of it.
import { type Passkey, removePasskey, renamePasskey } from '@levqor/client'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { SettingsRow } from '../ui/settings.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'
import { NameForm } from './name-form.tsx'

interface PasskeyRowProps {
  readonly passkey: Passkey
  readonly onChanged: () => void
}

export function PasskeyRow({ passkey, onChanged }: PasskeyRowProps) {
  const [naming, setNaming] = useState(false)
  const [removing, setRemoving] = useState(false)
  const params = { id: passkey.id }
  const rename = useAction({
    run: (name: string) => api.call(renamePasskey, { params, body: { name } }),
    onDone: () => {
      setNaming(false)
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not name it', text: error.message, tone: 'bad' }),
  })
  const remove = useAction({
    run: () => api.call(removePasskey, { params }),
    onDone: () => {
      setRemoving(false)
      showToast({ title: `Passkey removed: ${passkey.name}` })
      onChanged()
    },
  })
  return (
    <SettingsRow
      title={
        naming ? (
          <NameForm
            label={`New name of ${passkey.name}`}
            name={passkey.name}
            action={rename}
            mayBeEmpty={false}
            onCancel={() => setNaming(false)}
          />
        ) : (
          <p className="font-medium wrap-anywhere">{passkey.name}</p>
        )
      }
      facts={[
        <span key="where">{passkey.synced ? 'synced between your devices' : 'on one device only'}</span>,
        <span key="added">
          added <TimeAgo time={passkey.created_at} />
        </span>,
        <span key="used">
          {passkey.last_used_at === null ? (
            'not used yet'
          ) : (
            <>
              last used <TimeAgo time={passkey.last_used_at} />
            </>
          )}
        </span>,
      ]}
      actions={
        naming ? null : (
          <>
            <Button size="small" aria-label={`Rename ${passkey.name}`} onClick={() => setNaming(true)}>
              Rename
            </Button>
            <Button
              size="small"
              aria-label={`Remove ${passkey.name}`}
              onClick={() => {
                remove.forgetError()
                setRemoving(true)
              }}
            >
              Remove
            </Button>
          </>
        )
      }
    >
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${passkey.name}?`}
        confirm={remove.pending ? 'Removing…' : 'Remove'}
        action={remove}
      >
        It will not sign you in any more. Your device goes on showing it until you delete it there, too. A
        mailed link always leads in.
      </ConfirmDialog>
    </SettingsRow>
  )
}
