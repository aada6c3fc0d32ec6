// Splits formatted JSON into coloured pieces. Joined again they are the very same text.

export interface JsonToken {
  readonly at: number
  readonly kind: 'key' | 'text' | 'number' | 'word' | 'plain'
  readonly text: string
}

const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g

export function tokenizeJson(json: string): readonly JsonToken[] {
  const tokens: JsonToken[] = []
  let end = 0
  const add = (kind: JsonToken['kind'], text: string) => {
    if (text.length > 0) tokens.push({ at: end, kind, text })
    end += text.length
  }
  for (const match of json.matchAll(pattern)) {
    const [, quoted, colon, number, word] = match
    add('plain', json.slice(end, match.index))
    if (quoted !== undefined) {
      add(colon === undefined ? 'text' : 'key', quoted)
      add('plain', colon ?? '')
    } else if (number !== undefined) add('number', number)
    else add('word', word ?? '')
  }
  add('plain', json.slice(end))
  return tokens
}
