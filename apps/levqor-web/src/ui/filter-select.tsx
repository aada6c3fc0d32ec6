'use client'
// A filter above a list: one choice, or all.
import { useId } from 'react'
import { Select } from './form-controls.tsx'

interface FilterSelectProps<Value extends string> {
  readonly label: string
  readonly all: string
  readonly value: Value | undefined
  readonly options: readonly { readonly value: Value; readonly text: string }[]
  readonly onChange: (value: Value | undefined) => void
}

export function FilterSelect<Value extends string>(props: FilterSelectProps<Value>) {
  const id = useId()
  return (
    <div className="flex min-w-40 grow basis-40 flex-col gap-1 sm:grow-0 sm:basis-auto">
      <label htmlFor={id} className="text-small text-faint">
        {props.label}
      </label>
      <Select
        id={id}
        value={props.value ?? ''}
        onChange={(event) =>
          props.onChange(props.options.find((option) => option.value === event.target.value)?.value)
        }
      >
        <option value="">{props.all}</option>
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </Select>
    </div>
  )
}
