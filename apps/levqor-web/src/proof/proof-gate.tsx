'use client'
// When the server asks for a fresh proof, one dialog opens, and the action that was refused runs again by itself: no page
// has to know. Several actions at once wait for the same dialog.
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { showToast } from '../ui/toaster.tsx'
import { ProofDialog } from './proof-dialog.tsx'
import { ProofGateContext } from './use-proof-gate.ts'

interface Waiting {
  readonly answer: Promise<boolean>
  readonly settle: (proven: boolean) => void
}

export function ProofGate({ children }: { readonly children: ReactNode }) {
  const waiting = useRef<Waiting>(undefined)
  const [open, setOpen] = useState(false)
  const ask = useCallback(() => {
    if (!waiting.current) {
      let settle: Waiting['settle'] = () => undefined
      const answer = new Promise<boolean>((resolve) => {
        settle = resolve
      })
      waiting.current = { answer, settle }
      setOpen(true)
    }
    return waiting.current.answer
  }, [])
  function end(proven: boolean) {
    waiting.current?.settle(proven)
    waiting.current = undefined
    setOpen(false)
    if (!proven) showToast({ title: 'Nothing was changed', text: 'You did not confirm that it is you.' })
  }
  return (
    <ProofGateContext value={ask}>
      {children}
      <ProofDialog open={open} onEnd={end} />
    </ProofGateContext>
  )
}
