'use client'
// Asks for a sign-in link by mail. The answer is the same for every address, known or not.
import { requestMagicLink } from '@levqor/client'
import { type FormEvent, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { EmailField } from './email-field.tsx'
import { messagesFor } from './field-messages.ts'
import { MailSent } from './mail-sent.tsx'
import { rememberReturnPath } from './remember-return-path.ts'

export function AskForLink() {
  const input = useRef<HTMLInputElement>(null)
  const [email, setEmail] = useState('')
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
            It works once, for 15 minutes, in this browser. Without a mail server, an operator finds it in the
            outbox; whoever runs this machine can also make one with{' '}
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
      <p className="text-soft">We mail you a link. No password to remember, none to lose.</p>
      {ask.error && messages.length === 0 ? (
        <ProblemNotice error={ask.error} secondsLeft={ask.secondsLeft} />
      ) : null}
      <EmailField inputRef={input} value={email} onChange={setEmail} messages={messages} />
      <ActionButton action={ask} type="submit" tone="primary">
        {ask.pending ? 'Sending…' : 'Mail me a link'}
      </ActionButton>
    </form>
  )
}
