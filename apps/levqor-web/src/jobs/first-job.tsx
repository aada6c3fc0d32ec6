'use client'
// Before the first job: both ways to start one, ready to copy.
import { Play } from 'lucide-react'
import { ButtonLink } from '../ui/button.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

export function FirstJob() {
  const origin = typeof location === 'undefined' ? '' : location.origin
  const command = `curl ${origin}/api/v1/intake \\
  -H "Authorization: Bearer $LEVQOR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"workflow": "page-digest",
       "payload": {"url": "https://example.com"}}'`
  return (
    <EmptyState
      title="No job yet"
      actions={
        <>
          <ButtonLink href="/jobs/new" tone="primary">
            <Play aria-hidden /> Start the first one here
          </ButtonLink>
          <ButtonLink href="/api-keys">Make an API key</ButtonLink>
        </>
      }
    >
      <p>Start one here, or from anywhere with an API key:</p>
      <div className="mt-5 text-left">
        <CodeBlock code={command} what="command" />
      </div>
    </EmptyState>
  )
}
