'use client'
// Somebody who was asked and has not answered.
import { type Invitation, resendInvitation, withdrawInvitation } from '@levqor/client'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'
import { roleWords } from './roles.ts'

interface InvitationRowProps {
  readonly workspaceId: string
  readonly invitation: Invitation
  readonly onChanged: () => void
}

export function InvitationRow({ workspaceId, invitation, onChanged }: InvitationRowProps) {
  const params = { id: workspaceId, invitation_id: invitation.id }
  const resend = useAction({
    run: () => api.call(resendInvitation, { params }),
    onDone: () => {
      showToast({ title: 'Sent once more', text: 'The link of the earlier mail works no longer.' })
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not send it again', text: error.message, tone: 'bad' }),
  })
  const withdraw = useAction({
    run: () => api.call(withdrawInvitation, { params }),
    onDone: () => {
      showToast({ title: `Withdrawn: ${invitation.email}` })
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not withdraw it', text: error.message, tone: 'bad' }),
  })
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line py-3.5">
      <div className="min-w-0 grow">
        <p className="font-medium wrap-anywhere">{invitation.email}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-small text-faint">
          <span>{roleWords[invitation.role].name}</span>
          <span>
            ends <TimeAgo time={invitation.expires_at} />
          </span>
        </p>
      </div>
      <div className="flex gap-2">
        <ActionButton
          action={resend}
          size="small"
          aria-label={`Send again to ${invitation.email}`}
          onClick={() => resend.start(undefined)}
        >
          Send again
        </ActionButton>
        <ActionButton
          action={withdraw}
          size="small"
          aria-label={`Withdraw the invitation of ${invitation.email}`}
          onClick={() => withdraw.start(undefined)}
        >
          Withdraw
        </ActionButton>
      </div>
    </li>
  )
}
