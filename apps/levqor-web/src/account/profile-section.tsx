'use client'
// How somebody is named, and how dates and amounts are shown to them.
import { changeProfile, type Me } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { messagesFor } from '../sign-in/field-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SettingsSection } from '../ui/settings.tsx'
import { showToast } from '../ui/toaster.tsx'

const fields = [
  {
    name: 'name',
    label: 'Name',
    help: 'Others in your workspaces see it.',
    autoComplete: 'name',
    maxLength: 100,
  },
  {
    name: 'locale',
    label: 'Language',
    help: 'Such as en-GB, de or sv.',
    autoComplete: 'language',
    maxLength: 35,
  },
  {
    name: 'currency',
    label: 'Currency',
    help: 'Three letters, such as EUR.',
    autoComplete: 'off',
    maxLength: 3,
  },
] as const

type Field = (typeof fields)[number]['name']

export function ProfileSection({ user }: { readonly user: NonNullable<Me['user']> }) {
  const cache = useQueryClient()
  const [values, setValues] = useState<Readonly<Record<Field, string>>>({
    name: user.name ?? '',
    locale: user.locale ?? '',
    currency: user.currency ?? '',
  })
  const save = useAction({
    run: () =>
      api.call(changeProfile, {
        body: {
          name: orNull(values.name),
          locale: orNull(values.locale),
          currency: orNull(values.currency.toUpperCase()),
        },
      }),
    onDone: ({ name, locale, currency }) => {
      setValues({ name: name ?? '', locale: locale ?? '', currency: currency ?? '' })
      showToast({ title: 'Saved' })
      void cache.invalidateQueries({ queryKey: queryKeys.me })
    },
  })
  const placed = fields.some(({ name }) => messagesFor(save.error, name).length > 0)
  return (
    <SettingsSection title="Profile" about="How others see you, and how dates and amounts are shown to you.">
      <form
        noValidate
        className="flex max-w-md flex-col gap-5"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          save.start(undefined)
        }}
      >
        {save.error && !placed ? <ProblemNotice error={save.error} secondsLeft={save.secondsLeft} /> : null}
        {fields.map(({ name, label, help, autoComplete, maxLength }) => {
          const messages = messagesFor(save.error, name)
          return (
            <Labelled
              key={name}
              id={`profile-${name}`}
              label={label}
              optional
              help={help}
              messages={messages}
            >
              <TextInput
                id={`profile-${name}`}
                autoComplete={autoComplete}
                maxLength={maxLength}
                spellCheck={false}
                value={values[name]}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                {...describedBy(`profile-${name}`, help, messages)}
              />
            </Labelled>
          )
        })}
        <ActionButton action={save} type="submit" tone="primary" className="self-start">
          {save.pending ? 'Saving…' : 'Save the profile'}
        </ActionButton>
      </form>
    </SettingsSection>
  )
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}
