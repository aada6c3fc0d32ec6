// Where to go after signing in comes from outside: only a path of this very origin is believed.

const here = 'http://here.invalid'

/**
 * Whether a text is a path on the same origin for every browser, also after something on the way has decoded it once:
 * `//host`, `/\host` and control characters are read as another origin (WHATWG URL, section 4.4).
 */
export function isSafeReturnPath(text: string): boolean {
  return isPath(text) && isPath(decoded(text))
}

function isPath(text: string): boolean {
  if (!text.startsWith('/') || text.includes('\\') || hasControlCharacter(text)) return false
  if (!URL.canParse(text, here)) return false
  const url = new URL(text, here)
  // Dot segments disappear: `/.//host` is `//host` by now.
  return url.origin === here && !url.pathname.startsWith('//') && !text.startsWith('//')
}

function decoded(text: string): string {
  const path = text.split(/[?#]/)[0] ?? ''
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}
