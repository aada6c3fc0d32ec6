'use client'
// The ways to sign in: a mailed link, or a password.
import Link from 'next/link'
import { useState } from 'react'
import { AskForLink } from './ask-for-link.tsx'
import { SignInWithPassword } from './sign-in-with-password.tsx'

export function WaysIn() {
  const [way, setWay] = useState<'link' | 'password'>('link')
  return (
    <>
      {way === 'link' ? <AskForLink /> : <SignInWithPassword />}
      <div className="mt-8 flex flex-col items-start gap-2 border-t border-line pt-5 text-small text-soft">
        <button
          type="button"
          onClick={() => setWay(way === 'link' ? 'password' : 'link')}
          className="min-h-6 underline underline-offset-3 hover:text-ink"
        >
          {way === 'link' ? 'Sign in with a password' : 'Mail me a link instead'}
        </button>
        <Link href="/register" className="min-h-6 underline underline-offset-3 hover:text-ink">
          I have no account yet
        </Link>
      </div>
    </>
  )
}
