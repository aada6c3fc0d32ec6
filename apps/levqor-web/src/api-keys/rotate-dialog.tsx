'use client'
// Replaces a key: how long the old one still holds, and what that means.
import { Dialog } from '@base-ui/react/dialog'
import {
  type ApiKey,
  type NewApiKey,
  type OverlapMinutes,
  overlapMinutes,
  rotateApiKey,
} from '@levqor/client'
import { useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { Labelled, Select } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { overlapWords } from './key-choices.ts'

interface RotateDialogProps {
  readonly apiKey: ApiKey | undefined
  readonly onClose: () => void
  readonly onRotated: (successor: NewApiKey) => void
}

const usualOverlap: OverlapMinutes = 1440

export function RotateDialog({ apiKey, onClose, onRotated }: RotateDialogProps) {
  const [overlap, setOverlap] = useState(usualOverlap)
  const rotate = useAction({
    run: (id: string) => api.call(rotateApiKey, { params: { id }, body: { overlap_minutes: overlap } }),
    onDone: (successor) => {
      onRotated(successor)
      close()
    },
  })
  // Keeps the name readable while the dialog fades out.
  const last = useRef(apiKey)
  if (apiKey) last.current = apiKey

  function close() {
    rotate.forgetError()
    setOverlap(usualOverlap)
    onClose()
  }

  return (
    <Dialog.Root open={apiKey !== undefined} onOpenChange={(open) => open || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdropClass} />
        <Dialog.Popup className={dialogPopupClass}>
          <Dialog.Title className="text-title font-semibold">
            Rotate “{last.current?.name ?? ''}”
          </Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            Makes a new key that may do the same. Both hold for the time you choose, so that you can give the
            new one to every program before the old one ends.
          </Dialog.Description>
          <form
            className="mt-4 flex flex-col gap-5"
            onSubmit={(event) => {
              event.preventDefault()
              if (apiKey) rotate.start(apiKey.id)
            }}
          >
            <Labelled
              id="key-overlap"
              label="The old key still holds for"
              help="It ends earlier once the new key is in use and nobody has used the old one for half of this time, 15 minutes at least."
            >
              <Select
                id="key-overlap"
                value={overlap}
                aria-describedby="key-overlap-help"
                onChange={(event) =>
                  setOverlap(
                    overlapMinutes.find((minutes) => String(minutes) === event.target.value) ?? usualOverlap,
                  )
                }
              >
                {overlapMinutes.map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {overlapWords[minutes]}
                  </option>
                ))}
              </Select>
            </Labelled>
            {rotate.error ? <ProblemNotice error={rotate.error} secondsLeft={rotate.secondsLeft} /> : null}
            <div className="flex flex-wrap justify-end gap-2">
              <Dialog.Close className={buttonClass('plain')}>Cancel</Dialog.Close>
              <ActionButton action={rotate} tone="primary" type="submit">
                {rotate.pending ? 'Rotating…' : 'Rotate the key'}
              </ActionButton>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
