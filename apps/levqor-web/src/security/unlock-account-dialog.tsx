'use client'
// Lets a person in again whose e-mail address is known: the list itself does not name people.
import { Dialog } from '@base-ui/react/dialog'
import { unlock } from '@levqor/client'
import { useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { showToast } from '../ui/toaster.tsx'

interface UnlockAccountDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onUnlocked: () => void
}

export function UnlockAccountDialog({ open, onOpenChange, onUnlocked }: UnlockAccountDialogProps) {
  const id = useId()
  const [account, setAccount] = useState('')
  const [address, setAddress] = useState('')
  const action = useAction<undefined, { unlocked: boolean }>({
    run: () => {
      const where = address.trim()
      return api.call(unlock, {
        body: { account: account.trim(), ...(where === '' ? {} : { address: where }) },
      })
    },
    onDone: ({ unlocked }) => {
      showToast(
        unlocked
          ? {
              title: 'Unlocked',
              text:
                address.trim() === ''
                  ? 'Sign-ins to this account are looked at again, except from where the wrong guesses came: for that, give the network address or unlock its row.'
                  : 'Sign-ins to this account are looked at again.',
            }
          : { title: 'Nothing to unlock', text: 'Nothing is locked for this account.' },
      )
      setAccount('')
      setAddress('')
      onUnlocked()
      onOpenChange(false)
    },
  })
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdropClass} />
        <Dialog.Popup className={dialogPopupClass}>
          <Dialog.Title className="text-title font-semibold">Unlock an account</Dialog.Title>
          <form
            className="mt-4 flex flex-col gap-5"
            onSubmit={(event) => {
              event.preventDefault()
              if (account.trim() !== '') action.start(undefined)
            }}
          >
            <Labelled id={id} label="E-mail address">
              <TextInput
                id={id}
                type="email"
                required
                autoComplete="off"
                value={account}
                onChange={(event) => setAccount(event.target.value)}
              />
            </Labelled>
            <Labelled
              id={`${id}-address`}
              label="Network address"
              optional
              help="Where its owner is, if they guessed themselves. Whoever guessed from elsewhere stays locked out."
            >
              <TextInput
                id={`${id}-address`}
                autoComplete="off"
                spellCheck={false}
                placeholder="198.51.100.7"
                value={address}
                onChange={(event) => setAddress(event.target.value)}
                aria-describedby={`${id}-address-help`}
              />
            </Labelled>
            {action.error ? <ProblemNotice error={action.error} secondsLeft={action.secondsLeft} /> : null}
            <div className="flex flex-wrap justify-end gap-2">
              <Dialog.Close className={buttonClass('plain')}>Cancel</Dialog.Close>
              <ActionButton action={action} tone="primary" type="submit">
                {action.pending ? 'Unlocking…' : 'Unlock'}
              </ActionButton>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
