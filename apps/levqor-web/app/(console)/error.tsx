'use client'
import { useQueryClient } from '@tanstack/react-query'
import { PageFailed } from '../../src/shell/page-failed.tsx'

interface ConsoleErrorProps {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}

export default function ConsoleError({ error, reset }: ConsoleErrorProps) {
  const cache = useQueryClient()
  function retry() {
    // What was in memory may be what broke the page.
    void cache.resetQueries()
    reset()
  }
  return <PageFailed digest={error.digest} onRetry={retry} />
}
