'use client'
// Asks for an account. It exists once the mailbox has answered; the page says the same for every address.
import { register } from '@levqor/client'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { EmailField } from './email-field.tsx'
import { messagesFor } from './field-messages.ts'
import { MailSent } from './mail-sent.tsx'
import { PasswordField } from './password-field.tsx'
import { rememberReturnPath } from './remember-return-path.ts'
import { useSignInMethods } from './use-sign-in-methods.ts'

export function RegisterForm() {
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const methods = useSignInMethods()
  const invited = methods?.registration === 'invited'
  const [sentTo, setSentTo] = useState<string>()
  const ask = useAction({
    run: () =>
      api.call(register, {
        body: { email: email.trim(), password, ...(name.trim() === '' ? {} : { name: name.trim() }) },
      }),
    onDone: () => setSentTo(email.trim()),
  })
  const messages = {
    email: messagesFor(ask.error, 'email'),
    name: messagesFor(ask.error, 'name'),
    password: messagesFor(ask.error, 'password'),
  }
  const placed = Object.values(messages).some(({ length }) => length > 0)

  if (sentTo !== undefined) {
    return (
      <MailSent
        again="Use another address"
        onAgain={() => setSentTo(undefined)}
        note="Follow the link in the mail within a day, in this browser or with your password in another; your account exists from then on."
      >
        {invited ? (
          <>
            Only invited people may register here: if <strong className="font-semibold">{sentTo}</strong> is
            invited, a mail is on its way.
          </>
        ) : (
          <>
            A mail for <strong className="font-semibold">{sentTo}</strong> is on its way.
          </>
        )}
      </MailSent>
    )
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    rememberReturnPath(new URLSearchParams(location.search).get('next'))
    ask.start(undefined)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {invited ? (
        <p className="text-soft">
          Only invited people may register here: use the address that the invitation was sent to.
        </p>
      ) : null}
      {ask.error && !placed ? <ProblemNotice error={ask.error} secondsLeft={ask.secondsLeft} /> : null}
      <EmailField value={email} onChange={setEmail} messages={messages.email} autoComplete="username" />
      <Labelled id="name" label="Name" optional messages={messages.name}>
        <TextInput
          id="name"
          name="name"
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          {...describedBy('name', undefined, messages.name)}
        />
      </Labelled>
      <PasswordField
        id="password"
        label="Password"
        help="15 characters or more: a few words are easy to keep and hard to guess."
        autoComplete="new-password"
        messages={messages.password}
        value={password}
        onChange={setPassword}
      />
      <ActionButton action={ask} type="submit" tone="primary">
        {ask.pending ? 'Sending…' : 'Make an account'}
      </ActionButton>
    </form>
  )
}
