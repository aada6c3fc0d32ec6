'use client'
import { PageFailed } from '../../src/shell/page-failed.tsx'

export default function ConsoleError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}) {
  return <PageFailed digest={error.digest} onRetry={reset} />
}
