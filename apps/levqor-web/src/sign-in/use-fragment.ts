'use client'
// The fragment of the address. Unknown on the server, which never gets to see it.
import { useSyncExternalStore } from 'react'

export function useFragment(): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => location.hash,
    () => undefined,
  )
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange)
  return () => removeEventListener('hashchange', onChange)
}
