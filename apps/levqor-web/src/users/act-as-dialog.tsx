'use client'
// Before an operator acts for somebody: the reason, which the person gets to read.
import { Dialog } from '@base-ui/react/dialog'
import { startImpersonation, type User } from '@levqor/client'
import { useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { messagesFor } from '../sign-in/field-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { describedBy, Labelled, TextArea } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'

interface ActAsDialogProps {
  readonly user: User
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function ActAsDialog({ user, open, onOpenChange }: ActAsDialogProps) {
  const id = useId()
  const [reason, setReason] = useState('')
  const start = useAction({
    run: () => api.call(startImpersonation, { body: { user_id: user.id, reason: reason.trim() } }),
    // A full page load: nothing of the operator's own stays in memory.
    onDone: () => location.assign('/jobs'),
  })
  const messages = messagesFor(start.error, 'reason')
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        start.forgetError()
        onOpenChange(next)
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdropClass} />
        <Dialog.Popup className={dialogPopupClass}>
          <Dialog.Title className="text-title font-semibold wrap-anywhere">Act as {user.email}</Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            For 15 minutes you see what they see and can run and retry jobs for them. They are told by mail,
            with your reason; the audit log names you.
          </Dialog.Description>
          <form
            noValidate
            className="mt-4 flex flex-col gap-5"
            onSubmit={(event) => {
              event.preventDefault()
              start.start(undefined)
            }}
          >
            <Labelled id={id} label="Reason" help="10 characters or more." messages={messages}>
              <TextArea
                id={id}
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                {...describedBy(id, true, messages)}
              />
            </Labelled>
            {start.error && messages.length === 0 ? (
              <ProblemNotice error={start.error} secondsLeft={start.secondsLeft} />
            ) : null}
            <div className="flex flex-wrap justify-end gap-2">
              <Dialog.Close className={buttonClass('plain')}>Cancel</Dialog.Close>
              <ActionButton action={start} tone="primary" type="submit">
                {start.pending ? 'Beginning…' : 'Act as them'}
              </ActionButton>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
