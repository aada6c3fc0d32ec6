// A value in a message: short, on one line, and never anything that could be a secret.

const longestShown = 60

/** How a value is shown; nothing for what would say nothing. */
export function describeValue(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return quote(withoutSecrets(value))
    case 'number':
    case 'boolean':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? describeList(value) : isEmpty(value) ? '{}' : undefined
    default:
      return undefined
  }
}

/** A value of the wrong type. A longer text could be anything, a secret too: only its length is told. */
export function describeKind(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= 16 ? quote(value) : nameKind(value)
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return nameKind(value)
  }
}

/** What kind of value it is, and nothing about what is in it. */
export function nameKind(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `a text of ${value.length.toLocaleString('en')} letters`
  if (Array.isArray(value)) return describeArray(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  return isPlainObject(value) ? 'an object' : 'an object of a class'
}

/** An object that is data: nothing stands behind its own fields. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another realm have another Object.prototype; nothing stands behind it there either.
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(Object(prototype), 'isPrototypeOf'))
  )
}

/** One line of plain text, whatever names a policy uses. */
export function onOneLine(text: string): string {
  return text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

function describeArray(list: readonly unknown[]): string {
  return list.length === 0 ? '[]' : `a list of ${list.length.toLocaleString('en')}`
}

function describeList(list: readonly unknown[]): string | undefined {
  const items = list.slice(0, 4).map(describeValue)
  if (items.some((item) => item === undefined)) return undefined
  return `[${items.join(', ')}${list.length > items.length ? ', ...' : ''}]`
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

/** Credentials in an address, and whatever follows a question mark. */
function withoutSecrets(text: string): string {
  return text
    .slice(0, 1000)
    .replace(/\/\/[^/?#]*@/, '//...@')
    .replace(/\?.*$/su, '?...')
}

function quote(text: string): string {
  const short = text.length > longestShown ? `${text.slice(0, longestShown - 3)}...` : text
  return onOneLine(JSON.stringify(short))
}
