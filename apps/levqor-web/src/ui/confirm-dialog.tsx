'use client'
// A question before a loss. Stays open while the action runs, so that its failure is read where it was asked for.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import type { Action } from '../api/use-action.ts'
import { ActionButton } from './action-button.tsx'
import { buttonClass } from './button.tsx'
import { dialogBackdropClass, dialogPopupClass } from './dialog-look.ts'
import { ProblemNotice } from './problem-notice.tsx'

interface ConfirmDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly children: ReactNode
  readonly confirm: string
  readonly tone?: 'danger' | 'primary'
  readonly cancel?: string
  readonly disabled?: boolean
  readonly action: Pick<Action<void>, 'pending' | 'secondsLeft' | 'error' | 'start'>
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { action } = props
  return (
    <AlertDialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdropClass} />
        <AlertDialog.Popup className={dialogPopupClass}>
          <AlertDialog.Title className="text-title font-semibold">{props.title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="mt-2 text-soft">
            {props.children}
          </AlertDialog.Description>
          {action.error ? (
            <ProblemNotice error={action.error} secondsLeft={action.secondsLeft} className="mt-4" />
          ) : null}
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialog.Close className={buttonClass('plain')}>
              {props.cancel ?? 'Keep it'}
            </AlertDialog.Close>
            <ActionButton
              action={action}
              tone={props.tone ?? 'danger'}
              disabled={props.disabled === true}
              onClick={() => action.start()}
            >
              {props.confirm}
            </ActionButton>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
