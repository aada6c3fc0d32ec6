'use client'
// Lets a person in again whose e-mail address is known: the list itself does not name people.
import { Dialog } from '@base-ui/react/dialog'
import { unlock } from '@levqor/client'
import { type FormEvent, useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { showToast } from '../ui/toaster.tsx'
import { type UnlockWords, unlockWords } from './unlock-words.ts'

interface UnlockAccountDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onUnlocked: () => void
}

export function UnlockAccountDialog({ open, onOpenChange, onUnlocked }: UnlockAccountDialogProps) {
  const id = useId()
  const [account, setAccount] = useState('')
  const [address, setAddress] = useState('')
  const [nothing, setNothing] = useState<UnlockWords>()
  const action = useAction({
    run(asked: { readonly account: string; readonly address: string | undefined }) {
      return api.call(unlock, {
        body: { account: asked.account, ...(asked.address === undefined ? {} : { address: asked.address }) },
      })
    },
    onDone({ unlocked }, asked) {
      const words = unlockWords(unlocked, asked.account, asked.address)
      onUnlocked()
      // With an answer that may come of a slip of the finger, what was typed stays.
      if (unlocked.length === 0) setNothing(words)
      else {
        showToast(words)
        close()
      }
    },
  })
  function close() {
    setAccount('')
    setAddress('')
    setNothing(undefined)
    action.forgetError()
    onOpenChange(false)
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    setNothing(undefined)
    if (account.trim() === '') return
    action.start({ account: account.trim(), address: address.trim() === '' ? undefined : address.trim() })
  }
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : close())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdropClass} />
        <Dialog.Popup className={dialogPopupClass}>
          <Dialog.Title className="text-title font-semibold">Unlock an account</Dialog.Title>
          <form className="mt-4 flex flex-col gap-5" onSubmit={submit}>
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
            {nothing ? (
              <div role="status" className="rounded-panel bg-wait-wash px-4 py-3">
                <p className="font-semibold">{nothing.title}</p>
                <p className="wrap-anywhere text-soft">{nothing.text}</p>
              </div>
            ) : null}
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
