'use client'
// Signs in without typing: by the button, or by picking a passkey among the suggestions of the address field. Both are one
// action, so that they never sign in twice.
import type { PasskeyAssertion } from '@levqor/client'
import { useState } from 'react'
import { useAction } from '../api/use-action.ts'
import { signInWithPasskey } from '../passkeys/ask-passkey.ts'
import { usePasskeySuggestions } from '../passkeys/use-passkey-suggestions.ts'
import { arrive } from './arrive.ts'
import { PasskeyButton } from './passkey-button.tsx'
import { safeReturnPath } from './return-path.ts'

export function SignInWithPasskey() {
  const [done, setDone] = useState(false)
  const signIn = useAction({
    run: (picked: PasskeyAssertion | undefined) => signInWithPasskey(picked),
    onDone: (answer) => {
      setDone(true)
      arrive(answer, safeReturnPath(new URLSearchParams(location.search).get('next')))
    },
  })
  // What was refused once is not offered again by itself, and nothing is while the next page is on its way.
  const paused = done || signIn.pending || signIn.error !== undefined
  usePasskeySuggestions({ paused, onPicked: signIn.start })
  return (
    <PasskeyButton action={{ ...signIn, start: () => signIn.start(undefined) }}>
      Sign in with a passkey
    </PasskeyButton>
  )
}
