'use client'
// Copies text and says so, to eyes and ears.
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { showToast } from './toaster.tsx'

interface CopyButtonProps {
  readonly text: string
  /** What is copied: "result", "job id"… */
  readonly what: string
  /** Shows the word beside the sign. */
  readonly wide?: boolean
}

export function CopyButton({ text, what, wide = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      // Clipboard access can be refused by the browser; the text can still be selected by hand.
      showToast({
        title: `Could not copy the ${what}`,
        text: 'Please select and copy it by hand.',
        tone: 'bad',
      })
    }
  }
  return (
    <>
      <Button
        tone="quiet"
        size={wide ? 'small' : 'icon'}
        aria-label={wide ? undefined : `Copy ${what}`}
        title={wide ? undefined : `Copy ${what}`}
        onClick={() => void copy()}
      >
        {copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
        {wide ? <span>{copied ? 'Copied' : `Copy ${what}`}</span> : null}
      </Button>
      <span role="status" className="sr-only">
        {copied ? `Copied the ${what}` : ''}
      </span>
    </>
  )
}
