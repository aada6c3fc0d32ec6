'use client'
// One member: who, which role, and the way to change or end it.
import { changeMemberRole, type Member, removeMember, transferWorkspace } from '@levqor/client'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Select } from '../ui/form-controls.tsx'
import { showToast } from '../ui/toaster.tsx'
import { type Role, rolesBelow, roleWords } from './roles.ts'

interface MemberRowProps {
  readonly workspaceId: string
  readonly mine: Role
  readonly isMe: boolean
  readonly member: Member
  readonly onChanged: () => void
}

export function MemberRow({ workspaceId, mine, isMe, member, onChanged }: MemberRowProps) {
  const [asking, setAsking] = useState(false)
  const params = { id: workspaceId, user_id: member.user_id }
  const change = useAction({
    run: (role: Role) => api.call(changeMemberRole, { params, body: { role } }),
    onDone: ({ role }) => {
      showToast({ title: `${title} is ${roleWords[role].name.toLowerCase()} now` })
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not change the role', text: error.message, tone: 'bad' }),
  })
  const remove = useAction({
    run: () => api.call(removeMember, { params }),
    onDone: () => {
      setAsking(false)
      showToast({ title: `${title} is no longer a member` })
      onChanged()
    },
  })
  const [handing, setHanding] = useState(false)
  const handOver = useAction({
    run: () =>
      api.call(transferWorkspace, { params: { id: workspaceId }, body: { user_id: member.user_id } }),
    onDone: () => {
      setHanding(false)
      showToast({ title: `${title} owns the workspace now`, text: 'You are an admin of it.' })
      onChanged()
    },
  })
  const title = member.name ?? member.email
  const roles = rolesBelow(mine)
  const manageable = !isMe && roles.includes(member.role)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line py-3.5">
      <div className="min-w-0 grow">
        <p className="font-medium wrap-anywhere">
          {title}
          {isMe ? <span className="ml-2 text-small font-normal text-good">you</span> : null}
        </p>
        <p className="mt-0.5 text-small wrap-anywhere text-faint">
          {member.name === null ? roleWords[member.role].may : member.email}
        </p>
      </div>
      {manageable ? (
        <div className="flex flex-wrap gap-2">
          <Select
            aria-label={`Role of ${title}`}
            className="w-auto"
            value={member.role}
            // Not `disabled`: the keyboard stays here. A choice that comes too early is ignored.
            aria-busy={change.pending}
            onChange={(event) => {
              const role = roles.find((known) => known === event.target.value)
              if (role !== undefined) change.start(role)
            }}
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {roleWords[role].name}
              </option>
            ))}
          </Select>
          {mine === 'owner' && member.role !== 'owner' ? (
            <Button aria-label={`Hand over to ${title}`} onClick={() => setHanding(true)}>
              Hand over
            </Button>
          ) : null}
          <Button aria-label={`Remove ${title}`} onClick={() => setAsking(true)}>
            Remove
          </Button>
        </div>
      ) : (
        <span className="text-soft">{roleWords[member.role].name}</span>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          remove.forgetError()
          setAsking(open)
        }}
        title={`Remove ${title}?`}
        confirm={remove.pending ? 'Removing…' : 'Remove'}
        cancel="Keep the member"
        action={{ ...remove, start: () => remove.start(undefined) }}
      >
        Their sessions in this workspace and the keys that they made here end at once. What they have done
        stays.
      </ConfirmDialog>
      <ConfirmDialog
        open={handing}
        onOpenChange={(open) => {
          handOver.forgetError()
          setHanding(open)
        }}
        title={`Hand the workspace over to ${title}?`}
        confirm={handOver.pending ? 'Handing over…' : 'Hand over'}
        cancel="Stay the owner"
        action={{ ...handOver, start: () => handOver.start(undefined) }}
      >
        They become its owner and you an admin. Only they can give it back.
      </ConfirmDialog>
    </li>
  )
}
