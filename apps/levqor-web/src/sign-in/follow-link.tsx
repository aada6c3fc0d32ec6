'use client'
// The page a mailed link opens. The token stays in the fragment, which browsers never send; only the button posts it,
// so a mail scanner that opens the address signs nobody in.
import { verifyMagicLink } from '@levqor/client'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { arrive } from './arrive.ts'
import { Entry } from './entry.tsx'
import { linkOutcome, tokenOf } from './link-outcome.ts'
import { rememberedReturnPath, takeReturnPath } from './remember-return-path.ts'
import { signInAddress } from './return-path.ts'
import { useFragment } from './use-fragment.ts'

export function FollowLink() {
  const fragment = useFragment()
  const token = fragment === undefined ? undefined : tokenOf(fragment)
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const codeId = useId()
  const signIn = useAction({
    run: (input: { readonly token: string; readonly code: string }) =>
      api.call(verifyMagicLink, {
        body: { token: input.token, ...(input.code ? { code: input.code } : {}) },
      }),
    onDone: (answer) => arrive(answer, takeReturnPath()),
  })
  const outcome = signIn.error ? linkOutcome(signIn.error) : undefined
  useEffect(() => {
    if (outcome?.kind === 'needs-code' || outcome?.kind === 'wrong-code') setNeedsCode(true)
  }, [outcome?.kind])

  if (fragment === undefined) return <Entry title="Sign in">{null}</Entry>
  if (token === undefined) {
    return (
      <Entry title="This link is incomplete">
        <p className="text-soft">
          Part of the address is missing, perhaps because the mail program broke it in two. Copy the whole
          address, or ask for a new link.
        </p>
        <NewLink />
      </Entry>
    )
  }
  if (outcome?.kind === 'over') {
    return (
      <Entry title={outcome.title}>
        <p role="alert" className="text-soft">
          {outcome.text}
        </p>
        <NewLink />
      </Entry>
    )
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (token !== undefined) signIn.start({ token, code: code.trim() })
  }
  const messages = outcome?.kind === 'wrong-code' ? [outcome.text] : []
  return (
    <Entry title={needsCode ? 'One more step' : 'Welcome'}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <p role={needsCode ? 'alert' : undefined} className="text-soft">
          {needsCode
            ? 'This is not the browser that asked for the link. Type the code from the same mail, and we know it is you.'
            : 'Press the button and you are in. The link works once.'}
        </p>
        {outcome?.kind === 'problem' && signIn.error ? (
          <ProblemNotice error={signIn.error} secondsLeft={signIn.secondsLeft} />
        ) : null}
        {needsCode ? (
          <Labelled id={codeId} label="Code" messages={messages}>
            <TextInput
              id={codeId}
              name="code"
              autoComplete="one-time-code"
              spellCheck={false}
              maxLength={20}
              className="font-mono tracking-widest"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              {...describedBy(codeId, undefined, messages)}
            />
          </Labelled>
        ) : null}
        <ActionButton action={signIn} type="submit" tone="primary" disabled={needsCode && code.trim() === ''}>
          {signIn.pending ? 'Signing in…' : 'Sign in'}
        </ActionButton>
      </form>
    </Entry>
  )
}

function NewLink() {
  return (
    <div className="mt-6">
      <ButtonLink href={signInAddress(rememberedReturnPath())} tone="primary">
        Ask for a new link
      </ButtonLink>
    </div>
  )
}
