// HTML text that is safe by construction: whatever is put into it is escaped, unless it came from here itself.

const marked = Symbol('html')

/** Escaped markup. Only {@link html} and {@link joinHtml} make it. */
export interface Html {
  readonly [marked]: string
}

type Insert = string | number | Html

/**
 * Template tag; every insertion is escaped for text and for quoted attributes.
 *
 * @example html`<a href="${url}">${name}</a>`
 */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  const text = parts.map((part, i) => part + (i < inserts.length ? escaped(inserts[i] ?? '') : '')).join('')
  return { [marked]: text }
}

export function joinHtml(pieces: readonly Html[]): Html {
  return { [marked]: pieces.map(htmlText).join('') }
}

export function htmlText(piece: Html): string {
  return piece[marked]
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(insert: Insert): string {
  if (typeof insert === 'object') return insert[marked]
  return String(insert).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
