'use client'
// The field of the proof dialog: one way at a time.
import { mailProofCode, type ProofMethod, prove } from '@levqor/client'
import { type FormEvent, useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { proveWithPasskey } from '../passkeys/ask-passkey.ts'
import { codeMessages } from '../sign-in/code-messages.ts'
import { OutboxHint } from '../sign-in/outbox-hint.tsx'
import { PasskeyButton } from '../sign-in/passkey-button.tsx'
import { PasswordField } from '../sign-in/password-field.tsx'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'

interface ProofFormProps {
  readonly methods: readonly ProofMethod[]
  readonly onProven: () => void
  readonly onCancel: () => void
}

export function ProofForm({ methods, onProven, onCancel }: ProofFormProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [way, setWay] = useState(methods.find((method) => method !== 'passkey') ?? 'password')
  const send = useAction({ run: () => api.call(mailProofCode, {}), onDone: () => setMailed(true) })
  const [mailed, setMailed] = useState(false)
  const give = useAction({
    run: (value: string) => api.call(prove, { body: bodyOf(way, value) }),
    onDone: onProven,
  })
  const unlock = useAction({ run: proveWithPasskey, onDone: onProven })
  const wrong = codeMessages(give.error)
  const failed = give.error && wrong.length === 0 ? give : send.error ? send : undefined
  const needsMail = way === 'mail' && !mailed
  // The dialog is there for this very field.
  const field = { id, messages: wrong, value: text, onChange: setText, autoFocus: true }
  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (needsMail) send.start(undefined)
        else if (text.trim() !== '') give.start(text.trim())
      }}
    >
      {methods.includes('passkey') ? <PasskeyButton action={unlock}>Use a passkey</PasskeyButton> : null}
      {failed?.error ? <ProblemNotice error={failed.error} secondsLeft={failed.secondsLeft} /> : null}
      {way === 'password' ? (
        <PasswordField {...field} label="Your password" autoComplete="current-password" />
      ) : needsMail ? (
        <p>We mail you a code. You type it in here.</p>
      ) : (
        <CodeField
          {...field}
          key={way}
          kind={way === 'recovery-code' ? 'recovery' : 'digits'}
          label={way === 'mail' ? 'Code of the mail' : way === 'totp' ? 'Code of your app' : 'Recovery code'}
          help={
            way === 'mail'
              ? 'The mail is on its way. It holds for ten minutes.'
              : way === 'totp'
                ? 'Each code works once: wait for the next if you have just used it.'
                : 'One of those you kept. Each works once.'
          }
        />
      )}
      {methods.includes('recovery-code') ? (
        <button
          type="button"
          className="min-h-6 self-start text-small underline underline-offset-3 hover:text-ink"
          onClick={() => {
            setText('')
            give.forgetError()
            setWay(way === 'totp' ? 'recovery-code' : 'totp')
          }}
        >
          {way === 'totp' ? 'Use a recovery code' : 'Use a code of the app'}
        </button>
      ) : null}
      {way === 'mail' && mailed ? (
        <div>
          <p className="mb-2 text-small text-faint empty:hidden">
            <OutboxHint />
          </p>
          <ActionButton action={send} size="small" tone="quiet" onClick={() => send.start(undefined)}>
            {send.pending ? 'Mailing…' : 'Mail another code'}
          </ActionButton>
        </div>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        {needsMail ? (
          <ActionButton action={send} type="submit" tone="primary">
            {send.pending ? 'Mailing…' : 'Mail me a code'}
          </ActionButton>
        ) : (
          <ActionButton action={give} type="submit" tone="primary" disabled={text.trim() === ''}>
            {give.pending ? 'Checking…' : 'Confirm'}
          </ActionButton>
        )}
      </div>
    </form>
  )
}

function bodyOf(way: ProofMethod, value: string) {
  if (way === 'password') return { password: value }
  return way === 'mail' ? { mail_code: value } : { code: value }
}
