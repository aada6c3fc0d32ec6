'use client'
// Changes what can be changed without a new secret: the name, and from where the key may be used.
import { Dialog } from '@base-ui/react/dialog'
import { type ApiKey, changeApiKey } from '@levqor/client'
import { type FormEvent, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { UnplacedProblems } from '../run-form/unplaced-problems.tsx'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { showToast } from '../ui/toaster.tsx'
import { AddressesField } from './addresses-field.tsx'
import { addressesOf } from './key-choices.ts'
import { keyProblems } from './key-problems.ts'

interface ChangeDialogProps {
  readonly apiKey: ApiKey | undefined
  readonly onClose: (changed: boolean) => void
}

export function ChangeDialog({ apiKey, onClose }: ChangeDialogProps) {
  // Keeps the form readable while the dialog fades out.
  const last = useRef(apiKey)
  if (apiKey) last.current = apiKey
  return (
    <Dialog.Root open={apiKey !== undefined} onOpenChange={(open) => open || onClose(false)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdropClass} />
        <Dialog.Popup className={dialogPopupClass}>
          <Dialog.Title className="text-title font-semibold">
            Change “{last.current?.name ?? ''}”
          </Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            The secret stays as it is. What a key may do is fixed when it is made: for more, make another one.
          </Dialog.Description>
          {last.current ? <ChangeForm key={last.current.id} apiKey={last.current} onClose={onClose} /> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function ChangeForm({
  apiKey,
  onClose,
}: {
  readonly apiKey: ApiKey
  readonly onClose: (changed: boolean) => void
}) {
  const [name, setName] = useState(apiKey.name)
  const [addresses, setAddresses] = useState(apiKey.allowed_addresses?.join('\n') ?? '')
  const change = useAction({
    run: (body: { readonly name: string; readonly allowed_addresses: string[] | null }) =>
      api.call(changeApiKey, { params: { id: apiKey.id }, body }),
    onDone: (changed) => {
      showToast({ title: `“${changed.name}” was changed` })
      onClose(true)
    },
  })
  const { byField, others } = keyProblems(change.error, ['/name', '/allowed_addresses'], addresses)
  const nameMessages = byField['/name'] ?? []

  function submit(event: FormEvent) {
    event.preventDefault()
    const ranges = addressesOf(addresses)
    change.start({ name: name.trim(), allowed_addresses: ranges.length === 0 ? null : [...ranges] })
  }
  return (
    <form onSubmit={submit} noValidate className="mt-4 flex flex-col gap-5">
      <Labelled id="changed-name" label="Name" messages={nameMessages}>
        <TextInput
          id="changed-name"
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          {...describedBy('changed-name', undefined, nameMessages)}
        />
      </Labelled>
      <AddressesField
        id="changed-addresses"
        value={addresses}
        messages={byField['/allowed_addresses'] ?? []}
        onChange={setAddresses}
      />
      <UnplacedProblems problems={others} />
      {change.error && (change.error.problem.errors ?? []).length === 0 ? (
        <ProblemNotice error={change.error} secondsLeft={change.secondsLeft} />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Dialog.Close className={buttonClass('plain')}>Cancel</Dialog.Close>
        <ActionButton action={change} tone="primary" type="submit" disabled={name.trim() === ''}>
          {change.pending ? 'Saving…' : 'Save'}
        </ActionButton>
      </div>
    </form>
  )
}
