'use client'
// Sets out to a provider: of several buttons only the one that was pressed turns.
import { type LevqorError, type ProviderId, startProviderSignIn } from '@levqor/client'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'

interface WayToProvider {
  readonly start: (provider: ProviderId) => void
  readonly pending: boolean
  /** Of one button. */
  readonly actionOf: (provider: ProviderId) => { readonly pending: boolean; readonly secondsLeft: number }
  readonly error: LevqorError | undefined
  readonly secondsLeft: number
}

/** @param bodyOf what to ask for, read when the button is pressed */
export function useWayToProvider(
  bodyOf: () => { readonly next?: string; readonly link?: boolean },
): WayToProvider {
  const [chosen, setChosen] = useState<ProviderId>()
  const { start, pending, secondsLeft, error } = useAction({
    run: (provider: ProviderId) => {
      setChosen(provider)
      return api.call(startProviderSignIn, { params: { provider }, body: bodyOf() })
    },
    onDone: ({ authorization_url }) => location.assign(authorization_url),
  })
  return {
    start,
    pending,
    actionOf: (provider) => ({ pending: pending && chosen === provider, secondsLeft }),
    error,
    secondsLeft,
  }
}
