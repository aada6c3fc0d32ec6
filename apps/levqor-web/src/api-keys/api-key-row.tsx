'use client'
// One key in the list: what it may do, until when, and what became of it.
import type { ApiKey } from '@levqor/client'
import { Fragment, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useNow } from '../ui/use-now.ts'
import { keyState } from './key-state.ts'

interface ApiKeyRowProps {
  readonly apiKey: ApiKey
  /** Whether the reader's role may change keys. */
  readonly manages: boolean
  readonly onChange: (key: ApiKey) => void
  readonly onRotate: (key: ApiKey) => void
  readonly onRevoke: (key: ApiKey) => void
}

export function ApiKeyRow({ apiKey, manages, onChange, onRotate, onRevoke }: ApiKeyRowProps) {
  const state = keyState(apiKey, useNow(10_000))
  const ended = state.kind === 'ended'
  return (
    <li className="flex min-h-18 flex-wrap items-center gap-x-6 gap-y-2 border-b border-line py-3.5">
      <div className="min-w-0 grow basis-60">
        <p className={classNames('font-medium', ended && 'text-faint line-through')}>{apiKey.name}</p>
        <p className="text-small text-faint">
          <code className="font-mono text-tiny">{apiKey.prefix}…</code>
          <Dot />
          made <TimeAgo time={apiKey.created_at} />
          <Dot />
          {apiKey.last_used_at ? (
            <>
              used <TimeAgo time={apiKey.last_used_at} />
            </>
          ) : (
            'never used'
          )}
          {apiKey.expires_at && !ended ? (
            <>
              <Dot />
              expires <TimeAgo time={apiKey.expires_at} />
            </>
          ) : null}
        </p>
        {ended ? null : <Terms apiKey={apiKey} />}
        {state.kind === 'rotating' ? (
          <p className="mt-1 text-small text-wait">
            Replaced: still holds beside its successor, ends <TimeAgo time={state.until} /> or when it falls
            silent
          </p>
        ) : null}
      </div>
      {ended ? (
        <span className="text-small text-faint">
          {state.words} <TimeAgo time={state.at} />
        </span>
      ) : manages ? (
        <div className="flex flex-wrap gap-2">
          <Button size="small" aria-label={`Change ${apiKey.name}`} onClick={() => onChange(apiKey)}>
            Change
          </Button>
          {state.kind === 'active' ? (
            <Button size="small" aria-label={`Rotate ${apiKey.name}`} onClick={() => onRotate(apiKey)}>
              Rotate
            </Button>
          ) : null}
          <Button
            tone="danger"
            size="small"
            aria-label={`Revoke ${apiKey.name}`}
            onClick={() => onRevoke(apiKey)}
          >
            Revoke
          </Button>
        </div>
      ) : null}
    </li>
  )
}

function Terms({ apiKey }: { readonly apiKey: ApiKey }) {
  return (
    <p className="mt-1 text-small wrap-anywhere text-faint">
      May{' '}
      <Code>
        {apiKey.scopes.map((scope, index) => (
          <Fragment key={scope}>
            {index > 0 ? ', ' : ''}
            <span className="whitespace-nowrap">{scope}</span>
          </Fragment>
        ))}
      </Code>
      {apiKey.allowed_addresses ? (
        <>
          <Dot />
          from <Code>{apiKey.allowed_addresses.join(', ')}</Code>
        </>
      ) : null}
    </p>
  )
}

function Code({ children }: { readonly children: ReactNode }) {
  return <code className="font-mono text-tiny">{children}</code>
}

function Dot() {
  return <span className="mx-2">·</span>
}
