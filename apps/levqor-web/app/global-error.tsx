'use client'
// The very last net: replaces the whole document, so it brings its own frame and needs nothing else.
import '../src/theme/base.css'
import { PageFailed } from '../src/shell/page-failed.tsx'

export default function GlobalError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}) {
  return (
    <html lang="en">
      <head>
        <title>Something broke · Levqor</title>
      </head>
      <body>
        <main className="mx-auto max-w-3xl px-4 py-20">
          <PageFailed digest={error.digest} onRetry={reset} />
        </main>
      </body>
    </html>
  )
}
