'use client'
// The end of an account: asked for twice, by typing its address, and then still undone for a while.
import { requestDeletion } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Labelled, TextInput } from '../ui/form-controls.tsx'
import { SettingsActions, SettingsSection } from '../ui/settings.tsx'
import { showToast } from '../ui/toaster.tsx'

interface DeleteAccountSectionProps {
  readonly email: string
  /** Asked for already: the banner of every page says when, and undoes it. */
  readonly due: boolean
}

export function DeleteAccountSection({ email, due }: DeleteAccountSectionProps) {
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  const ask = useAction({
    run: () => api.call(requestDeletion, {}),
    onDone: () => {
      setAsking(false)
      setTyped('')
      showToast({ title: 'Your account will be deleted', text: 'Until then you can keep it after all.' })
      void cache.invalidateQueries({ queryKey: queryKeys.me })
    },
  })
  return (
    <SettingsSection
      title="Delete the account"
      about="It closes after 30 days; until then you can undo it. Workspaces that others share with you need another owner first."
    >
      {due ? (
        <p className="text-soft">
          You have asked for it. The notice at the top of the page says when it happens, and keeps the
          account.
        </p>
      ) : (
        <SettingsActions>
          <Button tone="danger" onClick={() => setAsking(true)}>
            Delete my account
          </Button>
        </SettingsActions>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          ask.forgetError()
          setTyped('')
          setAsking(open)
        }}
        title="Delete your account?"
        confirm={ask.pending ? 'Asking…' : 'Delete it in 30 days'}
        cancel="Keep my account"
        disabled={typed.trim().toLowerCase() !== email}
        action={{ ...ask, start: () => ask.start(undefined) }}
      >
        <p className="mb-4">
          Your sessions and API keys end on that day. Until then everything works, and one press undoes it.
        </p>
        <Labelled id="delete-typed" label={`Type ${email} to confirm`}>
          <TextInput
            id="delete-typed"
            type="email"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Labelled>
      </ConfirmDialog>
    </SettingsSection>
  )
}
