'use client'
// Something the reader starts: runs once however often it is clicked, waits out the server's limits by itself, and runs
// again after the reader has proven who they are, where the server asks for that.
import type { LevqorError } from '@levqor/client'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useProofGate } from '../proof/use-proof-gate.ts'
import { useSecondsLeft } from '../ui/use-seconds-left.ts'
import { asLevqorError } from './client.ts'
import { limitPauseMs } from './create-query-client.ts'

export interface Action<Input> {
  readonly start: (input: Input) => void
  readonly pending: boolean
  /** Above zero after a 429: seconds until it may be started again. */
  readonly secondsLeft: number
  /** The last failure; a 429 disappears when its time is over. */
  readonly error: LevqorError | undefined
  readonly forgetError: () => void
  /** For a wait that concerns what the reader has just changed: the server decides anew. */
  readonly forgetWait: () => void
}

export interface ActionOptions<Input, Output> {
  readonly run: (input: Input) => Promise<Output>
  readonly onDone?: (output: Output, input: Input) => void
  readonly onFailed?: (error: LevqorError) => void
}

export function useAction<Input, Output>(options: ActionOptions<Input, Output>): Action<Input> {
  // State arrives with the next rendering; two clicks can come before it. The reference is there at once.
  const running = useRef(false)
  const [waitUntil, setWaitUntil] = useState<number>()
  const secondsLeft = useSecondsLeft(waitUntil)
  const askForProof = useProofGate()
  const mutation = useMutation({
    async mutationFn(input: Input) {
      try {
        return await options.run(input)
      } catch (error) {
        if (asLevqorError(error)?.code !== 'proof_required' || !askForProof) throw error
        // Not an error of the server's: the dialog has said what became of it.
        if (!(await askForProof()))
          throw new Error('The reader did not confirm who they are.', { cause: error })
        return options.run(input)
      }
    },
    onSuccess: (output, input) => options.onDone?.(output, input),
    onError: (error) => {
      const known = asLevqorError(error)
      if (!known) return
      if (known.status === 429) setWaitUntil(Date.now() + limitPauseMs(known))
      options.onFailed?.(known)
    },
    onSettled: () => {
      running.current = false
    },
  })
  const error = asLevqorError(mutation.error)
  return {
    start(input) {
      if (running.current || secondsLeft > 0) return
      running.current = true
      mutation.mutate(input)
    },
    pending: mutation.isPending,
    secondsLeft,
    error: error?.status === 429 && secondsLeft === 0 ? undefined : error,
    forgetError: mutation.reset,
    forgetWait() {
      setWaitUntil(undefined)
      mutation.reset()
    },
  }
}
