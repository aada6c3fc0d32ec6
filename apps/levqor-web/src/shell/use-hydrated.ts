'use client'
// Whether this part of the page has come alive. Its first drawing in the browser must be the server's, which knows nothing
// of who is signed in; a part that comes alive late may find the answer there already.
import { useSyncExternalStore } from 'react'

export function useHydrated(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
}

function neverChanges(): () => void {
  return () => undefined
}
