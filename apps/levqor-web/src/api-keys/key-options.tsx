'use client'
// Kind, scopes, expiry and addresses: folded away, because the name alone makes a key that runs jobs.
import type { ApiKeyScope } from '@levqor/client'
import { ChevronRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { describedBy, Labelled, Messages, Select } from '../ui/form-controls.tsx'
import { AddressesField } from './addresses-field.tsx'
import { expiryChoices, type KeyChoices, scopeWords } from './key-choices.ts'

/** The pointers of what is shown here, into the body of the request. */
export const optionPointers = ['/mode', '/scopes', '/expires_at', '/allowed_addresses'] as const

interface KeyOptionsProps {
  readonly choices: KeyChoices
  /** What the person can give. */
  readonly scopes: readonly ApiKeyScope[]
  readonly messages: Readonly<Record<string, readonly string[]>>
  readonly onChange: (choices: KeyChoices) => void
}

export function KeyOptions({ choices, scopes, messages, onChange }: KeyOptionsProps) {
  const details = useRef<HTMLDetailsElement>(null)
  // The server does not know yet what this person can give: the list is first drawn when it is asked for, which may be
  // before this page has come alive.
  const [open, setOpen] = useState(false)
  useEffect(() => setOpen(details.current?.open ?? false), [])
  const hasProblem = optionPointers.some((pointer) => (messages[pointer] ?? []).length > 0)
  useEffect(() => {
    if (hasProblem && details.current) details.current.open = true
  }, [hasProblem])
  return (
    <details
      ref={details}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group rounded-panel border border-line"
    >
      <summary className="flex h-11 list-none items-center gap-2 rounded-panel px-4 font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-faint transition-transform group-open:rotate-90" />
        <span className="shrink-0">Scopes, expiry and addresses</span>
        {choices.scopes.length === 0 ? (
          <span className="truncate text-small text-bad">no scope</span>
        ) : (
          <span className="truncate text-small font-normal text-faint max-sm:hidden">
            {choices.scopes.join(', ')}
          </span>
        )}
      </summary>
      {open ? <Options {...{ choices, scopes, messages, onChange }} /> : null}
    </details>
  )
}

function Options({ choices, scopes, messages, onChange }: KeyOptionsProps) {
  const chosen = choices.scopes
  const scopeProblems =
    chosen.length === 0
      ? ['Choose at least one: without any, the key could do nothing.']
      : (messages['/scopes'] ?? [])

  function tick(scope: ApiKeyScope, ticked: boolean) {
    onChange({ ...choices, scopes: scopes.filter((one) => (one === scope ? ticked : chosen.includes(one))) })
  }

  return (
    <div className="grid gap-5 border-t border-line p-4 sm:grid-cols-2">
      <fieldset className="sm:col-span-2" {...describedBy('key-scopes', undefined, scopeProblems)}>
        <legend className="mb-1.5 font-medium">What it may do</legend>
        <ul className="grid gap-x-5 sm:grid-cols-2">
          {scopes.map((scope) => (
            <li key={scope}>
              <label className="flex min-h-8 items-start gap-3 py-1">
                <input
                  type="checkbox"
                  className="mt-0.5 size-5 shrink-0 accent-accent"
                  checked={chosen.includes(scope)}
                  onChange={(event) => tick(scope, event.target.checked)}
                />
                <span className="min-w-0">
                  {scopeWords[scope]}
                  <code className="block font-mono text-tiny text-faint">{scope}</code>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <Messages id="key-scopes" messages={scopeProblems} />
      </fieldset>
      <Labelled
        id="key-mode"
        label="Kind"
        help="A test key may do the same; only its prefix differs."
        messages={messages['/mode'] ?? []}
      >
        <Select
          id="key-mode"
          value={choices.mode}
          onChange={(event) =>
            onChange({ ...choices, mode: event.target.value === 'test' ? 'test' : 'live' })
          }
          {...describedBy('key-mode', true, messages['/mode'] ?? [])}
        >
          <option value="live">Live</option>
          <option value="test">Test</option>
        </Select>
      </Labelled>
      <Labelled
        id="key-expiry"
        label="Expires"
        help="From that moment on it is refused."
        messages={messages['/expires_at'] ?? []}
      >
        <Select
          id="key-expiry"
          value={choices.expiry}
          onChange={(event) =>
            onChange({
              ...choices,
              expiry: expiryChoices.find(({ days }) => days === event.target.value)?.days ?? '',
            })
          }
          {...describedBy('key-expiry', true, messages['/expires_at'] ?? [])}
        >
          {expiryChoices.map(({ days, text }) => (
            <option key={days} value={days}>
              {text}
            </option>
          ))}
        </Select>
      </Labelled>
      <div className="sm:col-span-2">
        <AddressesField
          id="key-addresses"
          value={choices.addresses}
          messages={messages['/allowed_addresses'] ?? []}
          onChange={(addresses) => onChange({ ...choices, addresses })}
        />
      </div>
    </div>
  )
}
