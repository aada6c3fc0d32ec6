'use client'
// Gives a name in the row that it stands in. Escape leaves it as it was.
import { type FormEvent, useState } from 'react'
import type { Action } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { TextInput } from '../ui/form-controls.tsx'

interface NameFormProps {
  readonly label: string
  readonly name: string
  readonly action: Action<string>
  /** Whether no name is a name, too. */
  readonly mayBeEmpty: boolean
  readonly onCancel: () => void
}

export function NameForm({ label, name, action, mayBeEmpty, onCancel }: NameFormProps) {
  const [text, setText] = useState(name)
  return (
    <form
      className="flex max-w-md flex-wrap gap-2"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (mayBeEmpty || text.trim() !== '') action.start(text.trim())
      }}
    >
      <TextInput
        aria-label={label}
        // The reader asked for this very field.
        autoFocus
        maxLength={60}
        value={text}
        className="w-44 grow"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel()
        }}
      />
      <ActionButton action={action} type="submit" tone="primary">
        {action.pending ? 'Saving…' : 'Save'}
      </ActionButton>
      <Button onClick={onCancel}>Cancel</Button>
    </form>
  )
}
