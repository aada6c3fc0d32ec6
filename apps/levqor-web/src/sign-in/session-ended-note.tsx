'use client'
// Says to somebody who was at work why they are at the sign-in page.
import { useEffect, useState } from 'react'
import { classNames } from '../ui/class-names.ts'
import { takeSessionEnded } from './ended-mark.ts'

export function SessionEndedNote({ className }: { readonly className?: string }) {
  const [ended, setEnded] = useState(false)
  useEffect(() => {
    if (takeSessionEnded()) setEnded(true)
  }, [])
  if (!ended) return null
  return (
    <div role="status" className={classNames('rounded-panel bg-wait-wash px-4 py-3', className)}>
      <p className="font-semibold">Your session has ended</p>
      <p className="text-soft">
        It was ended elsewhere, was not used for long, or you are no longer a member of the workspace. Sign in
        again to go on.
      </p>
    </div>
  )
}
