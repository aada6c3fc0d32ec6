'use client'
// The address of an account, in every form that asks for one.
import type { Ref } from 'react'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'

interface EmailFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly messages: readonly string[]
  /** `username webauthn`: passkeys stand among the suggestions, too. */
  readonly autoComplete?: 'email' | 'username' | 'username webauthn'
  readonly autoFocus?: boolean
  readonly inputRef?: Ref<HTMLInputElement>
}

export function EmailField({
  value,
  onChange,
  messages,
  autoComplete = 'email',
  autoFocus = false,
  inputRef,
}: EmailFieldProps) {
  return (
    <Labelled id="email" label="E-mail address" messages={messages}>
      <TextInput
        ref={inputRef}
        id="email"
        name="email"
        type="email"
        autoComplete={autoComplete}
        autoFocus={autoFocus}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...describedBy('email', undefined, messages)}
      />
    </Labelled>
  )
}
