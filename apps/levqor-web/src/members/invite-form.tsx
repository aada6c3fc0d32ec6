'use client'
// Asks somebody into the workspace by mail. The page says the same whether the address has an account.
import { inviteMember } from '@levqor/client'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { EmailField } from '../sign-in/email-field.tsx'
import { messagesFor } from '../sign-in/field-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Labelled, Select } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { showToast } from '../ui/toaster.tsx'
import { invitableRoles, type Role, roleWords } from './roles.ts'

interface InviteFormProps {
  readonly workspaceId: string
  readonly mine: Role
  readonly onInvited: () => void
}

export function InviteForm({ workspaceId, mine, onInvited }: InviteFormProps) {
  const roles = invitableRoles(mine)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<(typeof roles)[number]>('member')
  const invite = useAction({
    run: () => api.call(inviteMember, { params: { id: workspaceId }, body: { email: email.trim(), role } }),
    onDone: (invitation) => {
      showToast({ title: 'Invited', text: `A mail for ${invitation.email} is on its way.` })
      setEmail('')
      onInvited()
    },
  })
  const messages = messagesFor(invite.error, 'email')
  return (
    <form
      noValidate
      className="mb-8 flex max-w-2xl flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (email.trim() !== '') invite.start(undefined)
      }}
    >
      {invite.error && messages.length === 0 ? (
        <ProblemNotice error={invite.error} secondsLeft={invite.secondsLeft} />
      ) : null}
      <div className="flex flex-wrap items-start gap-4">
        <div className="min-w-56 grow">
          <EmailField value={email} onChange={setEmail} messages={messages} />
        </div>
        <Labelled id="invited-role" label="Role">
          <Select
            id="invited-role"
            className="w-auto"
            value={role}
            onChange={(event) => setRole(roles.find((known) => known === event.target.value) ?? role)}
          >
            {roles.map((known) => (
              <option key={known} value={known}>
                {roleWords[known].name}
              </option>
            ))}
          </Select>
        </Labelled>
      </div>
      <ActionButton action={invite} type="submit" tone="primary" className="self-start">
        {invite.pending ? 'Inviting…' : 'Invite'}
      </ActionButton>
    </form>
  )
}
