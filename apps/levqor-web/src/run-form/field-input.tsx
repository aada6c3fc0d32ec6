'use client'
// Draws one field of a generated form, whatever its kind.
import { describedBy, Labelled, Messages, Select, TextArea, TextInput } from '../ui/form-controls.tsx'
import type { FormField } from './form-field.ts'
import type { FormValue, FormValues } from './form-values.ts'
import { ListInput } from './list-input.tsx'
import { payloadPointer } from './place-problems.ts'

export interface FieldInputProps<Field extends FormField = FormField> {
  readonly field: Field
  readonly formId: string
  readonly values: FormValues
  readonly messages: Readonly<Record<string, readonly string[]>>
  readonly onChange: (pointer: string, value: FormValue) => void
}

export function FieldInput(props: FieldInputProps) {
  const { field, formId, values, onChange } = props
  const id = `${formId}${field.pointer}`
  const messages = props.messages[payloadPointer + field.pointer] ?? []
  const value = values[field.pointer]
  const text = typeof value === 'string' ? value : ''
  const tied = { id, name: field.pointer, ...describedBy(id, field.help, messages) }
  const label = { id, label: field.label, help: field.help, messages, optional: !field.required }

  switch (field.kind) {
    case 'group':
      return (
        <fieldset className="flex flex-col gap-5 rounded-panel border border-line p-4">
          <legend className="px-1 font-medium">{field.label}</legend>
          {field.help ? <p className="text-small text-faint">{field.help}</p> : null}
          <Messages id={id} messages={messages} />
          {field.fields.map((inner) => (
            <FieldInput key={inner.pointer} {...props} field={inner} />
          ))}
        </fieldset>
      )
    case 'list':
      return <ListInput {...props} field={field} />
    case 'boolean':
      return (
        <div>
          <label className="flex items-start gap-3 py-1">
            <input
              type="checkbox"
              className="mt-0.5 size-5 shrink-0 accent-accent"
              checked={value === true}
              onChange={(event) => onChange(field.pointer, event.target.checked)}
              {...tied}
            />
            <span className="font-medium">{field.label}</span>
          </label>
          {field.help ? (
            <p id={`${id}-help`} className="ml-8 text-small text-faint">
              {field.help}
            </p>
          ) : null}
          <Messages id={id} messages={messages} />
        </div>
      )
    case 'choice':
      return (
        <Labelled {...label}>
          <Select value={text} onChange={(event) => onChange(field.pointer, event.target.value)} {...tied}>
            <option value="">{field.required ? 'Choose…' : 'Nothing'}</option>
            {field.options.map((option, index) => (
              <option key={String(option)} value={index}>
                {String(option)}
              </option>
            ))}
          </Select>
        </Labelled>
      )
    case 'json':
      return (
        <Labelled {...label} help={field.help ?? 'Written as JSON.'}>
          <TextArea
            className="font-mono text-small"
            spellCheck={false}
            value={text}
            onChange={(event) => onChange(field.pointer, event.target.value)}
            {...tied}
            {...describedBy(id, true, messages)}
          />
        </Labelled>
      )
    case 'number':
    case 'integer':
      return (
        <Labelled {...label}>
          <TextInput
            inputMode={field.kind === 'integer' ? 'numeric' : 'decimal'}
            className="max-w-48"
            value={text}
            onChange={(event) => onChange(field.pointer, event.target.value)}
            {...tied}
          />
        </Labelled>
      )
    case 'text':
      return (
        <Labelled {...label}>
          {field.long ? (
            <TextArea
              className="font-mono text-small"
              placeholder={field.example}
              value={text}
              onChange={(event) => onChange(field.pointer, event.target.value)}
              {...tied}
            />
          ) : (
            <TextInput
              type={field.inputType}
              placeholder={field.example ?? (field.inputType === 'url' ? 'https://' : undefined)}
              value={text}
              onChange={(event) => onChange(field.pointer, event.target.value)}
              {...tied}
            />
          )}
        </Labelled>
      )
  }
}
