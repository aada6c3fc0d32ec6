'use client'
// Asks for a link to choose a new password; the page says the same for every address.
import { forgotPassword } from '@levqor/client'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { EmailField } from './email-field.tsx'
import { messagesFor } from './field-messages.ts'
import { MailSent } from './mail-sent.tsx'
import { rememberReturnPath } from './remember-return-path.ts'

export function ForgotPasswordForm() {
  const [email, setEmail] = useState('')
  const [sentTo, setSentTo] = useState<string>()
  const ask = useAction({
    run: (address: string) => api.call(forgotPassword, { body: { email: address } }),
    onDone: (_, address) => setSentTo(address),
  })
  const messages = messagesFor(ask.error, 'email')

  if (sentTo !== undefined) {
    return (
      <MailSent
        again="Use another address"
        onAgain={() => setSentTo(undefined)}
        note="The link in it works once, for half an hour. Your password stays as it is until then."
      >
        If <strong className="font-semibold">{sentTo}</strong> has an account here, a mail is on its way.
      </MailSent>
    )
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (email.trim() === '') return
    rememberReturnPath(new URLSearchParams(location.search).get('next'))
    ask.start(email.trim())
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <p className="text-soft">We mail you a link, and you choose a new one.</p>
      {ask.error && messages.length === 0 ? (
        <ProblemNotice error={ask.error} secondsLeft={ask.secondsLeft} />
      ) : null}
      <EmailField value={email} onChange={setEmail} messages={messages} />
      <ActionButton action={ask} type="submit" tone="primary">
        {ask.pending ? 'Sending…' : 'Mail me a link'}
      </ActionButton>
    </form>
  )
}
