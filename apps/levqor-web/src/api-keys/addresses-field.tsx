'use client'
// From where a key may be used: one range or address a line.
import { describedBy, Labelled, TextArea } from '../ui/form-controls.tsx'

interface AddressesFieldProps {
  readonly id: string
  readonly value: string
  readonly messages: readonly string[]
  readonly onChange: (text: string) => void
}

export function AddressesField({ id, value, messages, onChange }: AddressesFieldProps) {
  return (
    <Labelled
      id={id}
      label="Allowed addresses"
      optional
      help="One range or address a line. Used from anywhere else, the key is refused and the operators are told."
      messages={messages}
    >
      <TextArea
        id={id}
        className="min-h-20 font-mono"
        spellCheck={false}
        autoComplete="off"
        placeholder={'203.0.113.0/24\n2001:db8::/32'}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...describedBy(id, true, messages)}
      />
    </Labelled>
  )
}
