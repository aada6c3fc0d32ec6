// Cuts plain text into words and web addresses, so that the addresses can be followed.

export interface TextPart {
  readonly at: number
  readonly text: string
  /** Set when the part is an http(s) address. */
  readonly href: string | undefined
}

const address = /https?:\/\/[^\s<>"']+/g

/** Joined again, the parts are the text. Punctuation after an address is not part of it. */
export function findLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  const add = (piece: string, href: string | undefined) => {
    if (piece !== '') parts.push({ at: end, text: piece, href })
    end += piece.length
  }
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(/[).,;:!?\]]+$/, '')
    if (!URL.canParse(found)) continue
    add(text.slice(end, match.index), undefined)
    add(found, found)
  }
  add(text.slice(end), undefined)
  return parts
}
