'use client'
// Asks for a sign-in link by mail. The answer is the same for every address, known or not.
import { requestMagicLink } from '@levqor/client'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { EmailField } from './email-field.tsx'
import { messagesFor } from './field-messages.ts'
import { MailSent } from './mail-sent.tsx'
import { rememberReturnPath } from './remember-return-path.ts'

interface AskForLinkProps {
  readonly email: string
  readonly onEmail: (email: string) => void
  /** Chosen a moment ago: the keyboard goes on in it. */
  readonly autoFocus: boolean
  /** Shown below the form, until the mail is sent. */
  readonly children: ReactNode
}

export function AskForLink({ email, onEmail, autoFocus, children }: AskForLinkProps) {
  const input = useRef<HTMLInputElement>(null)
  const [sentTo, setSentTo] = useState<string>()
  const ask = useAction({
    run: (address: string) => api.call(requestMagicLink, { body: { email: address } }),
    onDone: (_, address) => setSentTo(address),
  })
  const messages = messagesFor(ask.error, 'email')

  function submit(event: FormEvent) {
    event.preventDefault()
    if (email.trim() === '') {
      input.current?.focus()
      return
    }
    rememberReturnPath(new URLSearchParams(location.search).get('next'))
    ask.start(email.trim())
  }

  if (sentTo !== undefined) {
    return (
      <MailSent
        again="Use another address"
        onAgain={() => setSentTo(undefined)}
        note={
          <>
            It works once, for 15 minutes, in this browser. Whoever runs this machine can also make one with{' '}
            <code className="font-mono text-small">levqor sign-in-link</code>.
          </>
        }
      >
        If <strong className="font-semibold">{sentTo}</strong> may sign in here, a link is on its way.
      </MailSent>
    )
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {ask.error && messages.length === 0 ? (
        <ProblemNotice error={ask.error} secondsLeft={ask.secondsLeft} />
      ) : null}
      <EmailField
        inputRef={input}
        value={email}
        onChange={onEmail}
        messages={messages}
        autoComplete="username webauthn"
        autoFocus={autoFocus}
      />
      <ActionButton action={ask} type="submit" tone="primary">
        {ask.pending ? 'Sending…' : 'Mail me a link'}
      </ActionButton>
      {children}
    </form>
  )
}
