'use client'
// A page that broke: said plainly, with a way on.
import { Button, ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

interface PageFailedProps {
  /** What the server's log calls this failure. */
  readonly digest: string | undefined
  readonly onRetry: () => void
}

export function PageFailed({ digest, onRetry }: PageFailedProps) {
  return (
    <>
      <h1 className="mb-6 text-display font-semibold">Something broke on this page</h1>
      <EmptyState
        title="Your jobs are not affected"
        actions={
          <>
            <Button tone="primary" onClick={onRetry}>
              Try again
            </Button>
            <ButtonLink href="/jobs">Go to the jobs</ButtonLink>
          </>
        }
      >
        They run on the server, whatever this page does.
        {digest ? <span className="mt-2 block font-mono text-tiny">Reference: {digest}</span> : null}
      </EmptyState>
    </>
  )
}
