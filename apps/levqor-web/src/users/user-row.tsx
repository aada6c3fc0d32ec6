'use client'
// One account: who, in which state, and what an operator can do about it.
import { changeUser, type User } from '@levqor/client'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'
import { ActAsDialog } from './act-as-dialog.tsx'

interface UserRowProps {
  readonly user: User
  readonly isMe: boolean
  readonly onChanged: () => void
}

export function UserRow({ user, isMe, onChanged }: UserRowProps) {
  const [closing, setClosing] = useState(false)
  const [acting, setActing] = useState(false)
  const change = useAction({
    run: (status: User['status']) => api.call(changeUser, { params: { id: user.id }, body: { status } }),
    onDone: ({ status }) => {
      setClosing(false)
      showToast({
        title: status === 'active' ? `${user.email} can sign in again` : `${user.email} is closed`,
      })
      onChanged()
    },
  })
  const open = user.status === 'active'
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line py-3.5">
      <div className="min-w-0 grow basis-64">
        <p className="font-medium wrap-anywhere">
          {user.email}
          {isMe ? <span className="ml-2 text-small font-normal text-good">you</span> : null}
          {user.operator ? <span className="ml-2 text-small font-normal text-held">operator</span> : null}
          {open ? null : <span className="ml-2 text-small font-normal text-bad">closed</span>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-small text-faint">
          {user.name === null ? null : <span className="wrap-anywhere">{user.name}</span>}
          <span>
            {user.last_login_at === null ? (
              'never signed in'
            ) : (
              <>
                signed in <TimeAgo time={user.last_login_at} />
              </>
            )}
          </span>
          {user.email_verified ? null : <span>address not confirmed</span>}
          {user.deletion_due_at === null ? null : (
            <span className="text-bad">
              to be deleted <TimeAgo time={user.deletion_due_at} />
            </span>
          )}
        </p>
      </div>
      {isMe ? null : (
        <div className="flex flex-wrap gap-2">
          {open && !user.operator ? (
            <Button size="small" aria-label={`Act as ${user.email}`} onClick={() => setActing(true)}>
              Act as
            </Button>
          ) : null}
          {open ? (
            <Button size="small" aria-label={`Close ${user.email}`} onClick={() => setClosing(true)}>
              Close
            </Button>
          ) : (
            <ActionButton
              action={change}
              size="small"
              aria-label={`Open ${user.email}`}
              onClick={() => change.start('active')}
            >
              {change.pending ? 'Opening…' : 'Open'}
            </ActionButton>
          )}
        </div>
      )}
      <ConfirmDialog
        open={closing}
        onOpenChange={(next) => {
          change.forgetError()
          setClosing(next)
        }}
        title={`Close ${user.email}?`}
        confirm={change.pending ? 'Closing…' : 'Close the account'}
        cancel="Leave it open"
        action={{ ...change, start: () => change.start('disabled') }}
      >
        Their sessions end at once, and so do all API keys that they made, for good. The account can be opened
        again; what it holds stays.
      </ConfirmDialog>
      <ActAsDialog user={user} open={acting} onOpenChange={setActing} />
    </li>
  )
}
