'use client'
// Offers passkeys among the suggestions of the address field (conditional mediation), where the browser can. It is an
// extra: what goes wrong before somebody has picked one is nobody's business.
import type { PasskeyAssertion } from '@levqor/client'
import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser'
import { useEffect, useEffectEvent } from 'react'
import { pickAmongSuggestions } from './ask-passkey.ts'

interface PasskeySuggestions {
  /** While another question is on the screen: it has replaced this one. */
  readonly paused: boolean
  readonly onPicked: (answer: PasskeyAssertion) => void
}

/** So long before its end a question is asked anew; whoever picks a passkey then still has time to unlock it. */
const renewBeforeMs = 60_000

export function usePasskeySuggestions({ paused, onPicked }: PasskeySuggestions): void {
  const picked = useEffectEvent(onPicked)
  useEffect(() => {
    if (paused) return
    const ended = new AbortController()
    void offer(ended.signal, picked)
    return () => ended.abort()
  }, [paused])
  // Not when paused: the question that has taken over is the one that would be cancelled.
  useEffect(() => () => WebAuthnAbortService.cancelCeremony(), [])
}

async function offer(ended: AbortSignal, onPicked: (answer: PasskeyAssertion) => void): Promise<void> {
  if (!(await browserSupportsWebAuthnAutofill()) || ended.aborted) return
  try {
    const answer = await pickAmongSuggestions(({ timeout }) => {
      if (ended.aborted) throw new DOMException('Not needed any more', 'AbortError')
      const again = () => whenSeen(ended, () => void offer(ended, onPicked))
      const renewal = setTimeout(again, timeout - renewBeforeMs)
      ended.addEventListener('abort', () => clearTimeout(renewal), { once: true })
    })
    if (!ended.aborted) onPicked(answer)
  } catch {
    // Nothing was picked: the other ways in are on the screen.
  }
}

/** A page that nobody looks at asks for nothing. */
function whenSeen(ended: AbortSignal, act: () => void): void {
  if (document.visibilityState === 'visible') {
    act()
    return
  }
  const options = { once: true, signal: ended }
  document.addEventListener('visibilitychange', () => whenSeen(ended, act), options)
}
