'use client'
// Another password. The old one is asked for: an unlocked screen is not enough.
import { changePassword } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { messagesFor } from '../sign-in/field-messages.ts'
import { PasswordField } from '../sign-in/password-field.tsx'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SettingsSection } from '../ui/settings.tsx'
import { showToast } from '../ui/toaster.tsx'

export function PasswordSection({ email }: { readonly email: string }) {
  const cache = useQueryClient()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useAction({
    run: () => api.call(changePassword, { body: { current, password } }),
    onDone: () => {
      setCurrent('')
      setPassword('')
      showToast({ title: 'Password changed', text: 'All other sessions were ended.' })
      void cache.invalidateQueries({ queryKey: queryKeys.sessions })
    },
  })
  const wrong = change.error?.code === 'password_wrong' ? [change.error.message] : []
  const messages = messagesFor(change.error, 'password')
  const placed = wrong.length + messages.length > 0
  const form = (
    <form
      noValidate
      className="flex max-w-md flex-col gap-5"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (current !== '' && password !== '') change.start(undefined)
      }}
    >
      {/* Where a password manager keeps it. */}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      {change.error && !placed ? (
        <ProblemNotice error={change.error} secondsLeft={change.secondsLeft} />
      ) : null}
      <PasswordField
        id="current-password"
        label="Current password"
        autoComplete="current-password"
        messages={wrong}
        value={current}
        onChange={setCurrent}
      />
      <PasswordField
        id="new-password"
        label="New password"
        autoComplete="new-password"
        messages={messages}
        value={password}
        onChange={setPassword}
      />
      <ActionButton action={change} type="submit" tone="primary" className="self-start">
        {change.pending ? 'Changing…' : 'Change the password'}
      </ActionButton>
    </form>
  )
  return (
    <SettingsSection title="Password" about="Changing it ends all other sessions.">
      {form}
    </SettingsSection>
  )
}
