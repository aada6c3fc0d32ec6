'use client'
// A list of short values: one input each, added and removed one by one.
import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../ui/button.tsx'
import { describedBy, Messages, TextInput } from '../ui/form-controls.tsx'
import type { FieldInputProps } from './field-input.tsx'
import type { FormField } from './form-field.ts'
import { payloadPointer } from './place-problems.ts'

type ListField = Extract<FormField, { kind: 'list' }>

export function ListInput({ field, formId, values, messages, onChange }: FieldInputProps<ListField>) {
  const group = useRef<HTMLFieldSetElement>(null)
  const value = values[field.pointer]
  const items = Array.isArray(value) ? value.map(String) : []
  const id = `${formId}${field.pointer}`
  const own = messages[payloadPointer + field.pointer] ?? []

  function add() {
    onChange(field.pointer, [...items, ''])
    // The new input exists after the next rendering.
    requestAnimationFrame(() =>
      group.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus(),
    )
  }

  return (
    <fieldset ref={group} className="flex flex-col gap-1.5" {...describedBy(id, field.help, own)}>
      <legend className="mb-1.5 font-medium">
        {field.label}
        {field.required ? null : <span className="ml-2 text-small font-normal text-faint">optional</span>}
      </legend>
      {field.help ? (
        <p id={`${id}-help`} className="text-small text-faint">
          {field.help}
        </p>
      ) : null}
      <ol className="flex flex-col gap-2">
        {items.map((item, index) => {
          const itemId = `${id}/${index}`
          const problems = messages[`${payloadPointer}${field.pointer}/${index}`] ?? []
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is all the identity a value has
            <li key={index}>
              <div className="flex items-center gap-2">
                <TextInput
                  id={itemId}
                  aria-label={`${field.label} ${index + 1}`}
                  inputMode={field.items === 'text' ? undefined : 'decimal'}
                  value={item}
                  onChange={(event) => onChange(field.pointer, items.with(index, event.target.value))}
                  {...describedBy(itemId, undefined, problems)}
                />
                <Button
                  tone="quiet"
                  size="icon"
                  aria-label={`Remove ${field.label} ${index + 1}`}
                  onClick={() => onChange(field.pointer, items.toSpliced(index, 1))}
                >
                  <X aria-hidden />
                </Button>
              </div>
              <Messages id={itemId} messages={problems} />
            </li>
          )
        })}
      </ol>
      <Messages id={id} messages={own} />
      <div>
        <Button size="small" onClick={add}>
          <Plus aria-hidden /> Add one
        </Button>
      </div>
    </fieldset>
  )
}
