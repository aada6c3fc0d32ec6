// A JSON value, readable: indented, lightly coloured, scrollable by keyboard, to be copied in one click.
import { useMemo } from 'react'
import { tokenizeJson } from '../text/tokenize-json.ts'
import { CopyButton } from './copy-button.tsx'

interface JsonViewProps {
  readonly value: unknown
  /** "Result", "Payload"…: the heading, and the name of the scrolling region. */
  readonly title: string
}

/** Colouring makes one element per token; above this many characters plain text keeps the page quick. */
const colouredUpTo = 20_000

const kindClasses = {
  key: 'text-ink',
  text: 'text-good',
  number: 'text-busy',
  word: 'text-held',
  plain: 'text-faint',
} as const

export function JsonView({ value, title }: JsonViewProps) {
  const text = useMemo(() => JSON.stringify(value, undefined, 2) ?? 'null', [value])
  return (
    <section className="overflow-hidden rounded-panel border border-line bg-well">
      <div className="flex h-10 items-center justify-between gap-2 border-b border-line pr-1 pl-4">
        <h3 className="text-small font-semibold">{title}</h3>
        <CopyButton text={text} what={title.toLowerCase()} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a scrolling region needs a name and the focus */}
      <div
        role="region"
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: only so can a keyboard scroll it
        tabIndex={0}
        className="max-h-96 overflow-auto focus-visible:-outline-offset-2"
      >
        <pre className="px-4 py-3 font-mono text-tiny leading-relaxed wrap-anywhere whitespace-pre-wrap">
          {text.length > colouredUpTo ? text : <Coloured text={text} />}
        </pre>
      </div>
    </section>
  )
}

function Coloured({ text }: { readonly text: string }) {
  return tokenizeJson(text).map((token) => (
    <span key={token.at} className={kindClasses[token.kind]}>
      {token.text}
    </span>
  ))
}
