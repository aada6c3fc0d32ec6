'use client'
// Another address. Nothing changes until both mailboxes have said yes, so the page mostly shows who has.
import {
  getEmailChange,
  type PendingEmailChange,
  requestEmailChange,
  withdrawEmailChange,
} from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, CircleDashed } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { OutboxNote } from '../shell/outbox-note.tsx'
import { messagesFor } from '../sign-in/field-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SettingsSection } from '../ui/settings.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'

export function EmailSection({ email }: { readonly email: string }) {
  const cache = useQueryClient()
  const change = useQuery({
    queryKey: queryKeys.emailChange,
    queryFn: ({ signal }) => api.call(getEmailChange, { signal }),
  })
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: queryKeys.emailChange })
    void cache.invalidateQueries({ queryKey: queryKeys.me })
  }
  return (
    <SettingsSection
      title="E-mail address"
      about={
        <>
          You sign in with <strong className="font-semibold text-ink">{email}</strong>.
        </>
      }
    >
      <QueryGate query={change}>
        {({ pending }) =>
          pending ? (
            <Pending pending={pending} email={email} onChanged={refresh} />
          ) : (
            <AskForChange onAsked={refresh} />
          )
        }
      </QueryGate>
    </SettingsSection>
  )
}

interface PendingProps {
  readonly pending: NonNullable<PendingEmailChange['pending']>
  readonly email: string
  readonly onChanged: () => void
}

function Pending({ pending, email, onChanged }: PendingProps) {
  const withdraw = useAction({
    run: () => api.call(withdrawEmailChange, {}),
    onDone: () => {
      showToast({ title: 'Withdrawn', text: 'Your address stays. The links of the mails work no longer.' })
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not withdraw it', text: error.message, tone: 'bad' }),
  })
  return (
    <div role="status" className="rounded-panel bg-wait-wash px-4 py-4">
      <p className="font-semibold wrap-anywhere">
        Waiting for both mailboxes to change it to {pending.email}
      </p>
      <ul aria-label="Mailboxes" className="mt-3 flex flex-col gap-2">
        <Mailbox email={email} confirmed={pending.confirmed.old} />
        <Mailbox email={pending.email} confirmed={pending.confirmed.new} />
      </ul>
      <p className="mt-3 text-small text-soft">
        Follow the link in each mail. It ends <TimeAgo time={pending.expires_at} />.
      </p>
      <OutboxNote className="mt-1 text-small text-soft" />
      <ActionButton action={withdraw} className="mt-4" onClick={() => withdraw.start(undefined)}>
        {withdraw.pending ? 'Withdrawing…' : 'Keep my address'}
      </ActionButton>
    </div>
  )
}

function Mailbox({ email, confirmed }: { readonly email: string; readonly confirmed: boolean }) {
  const Icon = confirmed ? CircleCheck : CircleDashed
  return (
    <li className="flex items-start gap-2">
      <Icon
        aria-hidden
        className={confirmed ? 'mt-0.5 size-5 shrink-0 text-good' : 'mt-0.5 size-5 shrink-0 text-wait'}
      />
      <span className="min-w-0 wrap-anywhere">
        {email}: {confirmed ? 'confirmed' : 'not confirmed yet'}
      </span>
    </li>
  )
}

function AskForChange({ onAsked }: { readonly onAsked: () => void }) {
  const [email, setEmail] = useState('')
  const ask = useAction({
    run: () => api.call(requestEmailChange, { body: { email: email.trim() } }),
    onDone: () => {
      setEmail('')
      onAsked()
    },
  })
  const messages = messagesFor(ask.error, 'email')
  return (
    <form
      noValidate
      className="flex max-w-md flex-col gap-5"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (email.trim() !== '') ask.start(undefined)
      }}
    >
      {ask.error && messages.length === 0 ? (
        <ProblemNotice error={ask.error} secondsLeft={ask.secondsLeft} />
      ) : null}
      <Labelled
        id="new-email"
        label="New address"
        help="We mail a link to both addresses. It changes once both have confirmed."
        messages={messages}
      >
        <TextInput
          id="new-email"
          type="email"
          autoComplete="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          {...describedBy('new-email', true, messages)}
        />
      </Labelled>
      <ActionButton action={ask} type="submit" tone="primary" className="self-start">
        {ask.pending ? 'Asking…' : 'Change the address'}
      </ActionButton>
    </form>
  )
}
