'use client'
// A password that is typed in: hidden, unless its owner wants to see it.
import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'

interface PasswordFieldProps extends Pick<ComponentProps<'input'>, 'autoComplete' | 'autoFocus'> {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly messages?: readonly string[]
  readonly value: string
  readonly onChange: (value: string) => void
}

export function PasswordField({
  id,
  label,
  help,
  messages = [],
  value,
  onChange,
  autoComplete,
  autoFocus,
}: PasswordFieldProps) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Labelled id={id} label={label} help={help} messages={messages}>
      <div className="relative">
        <TextInput
          id={id}
          name={id}
          type={shown ? 'text' : 'password'}
          autoComplete={autoComplete}
          autoFocus={autoFocus}
          spellCheck={false}
          autoCapitalize="none"
          className="pr-11"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          {...describedBy(id, help, messages)}
        />
        <button
          type="button"
          aria-pressed={shown}
          aria-label="Show the password"
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 flex w-10 items-center justify-center rounded-control text-faint hover:text-ink"
        >
          <Icon aria-hidden className="size-4.5" />
        </button>
      </div>
    </Labelled>
  )
}
