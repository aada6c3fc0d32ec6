'use client'
// Text to be copied: a command, a secret, an address.
import { CopyButton } from './copy-button.tsx'

export function CodeBlock({ code, what }: { readonly code: string; readonly what: string }) {
  return (
    <div className="flex items-start gap-2 rounded-panel border border-line bg-well py-1.5 pr-1.5 pl-4">
      <pre className="min-w-0 grow py-1.5 font-mono text-tiny leading-relaxed text-ink wrap-anywhere whitespace-pre-wrap">
        {code}
      </pre>
      <CopyButton text={code} what={what} />
    </div>
  )
}
