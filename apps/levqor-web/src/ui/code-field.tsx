'use client'
// A code that is typed or pasted: of an authenticator app, of a mail, or one of the recovery codes. Spaces do not matter.
import { classNames } from './class-names.ts'
import { describedBy, Labelled, TextInput } from './form-controls.tsx'

interface CodeFieldProps {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly kind: 'digits' | 'recovery'
  readonly messages?: readonly string[]
  readonly value: string
  readonly onChange: (value: string) => void
  /** Where the page or dialog is there for this field. */
  readonly autoFocus?: boolean
}

export function CodeField({
  id,
  label,
  help,
  kind,
  messages = [],
  value,
  onChange,
  autoFocus = false,
}: CodeFieldProps) {
  const digits = kind === 'digits'
  return (
    <Labelled id={id} label={label} help={help} messages={messages}>
      <TextInput
        id={id}
        name={id}
        autoComplete={digits ? 'one-time-code' : 'off'}
        inputMode={digits ? 'numeric' : 'text'}
        autoCapitalize={digits ? 'none' : 'characters'}
        autoFocus={autoFocus}
        spellCheck={false}
        maxLength={digits ? 12 : 40}
        className={classNames('font-mono', digits ? 'max-w-44 tracking-widest' : 'tracking-wide uppercase')}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...describedBy(id, help, messages)}
      />
    </Labelled>
  )
}
