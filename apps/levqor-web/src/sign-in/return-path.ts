// Where to go after signing in. The address comes from the outside, so only a path on this origin is believed.

const fallback = '/jobs'
const placeholder = 'http://here.invalid'

// Pages that work without being signed in: nobody is led away from them, and nobody back to them.
// (Except to an invitation, which has to be accepted by somebody who is signed in.)
const entries = [
  '/sign-in',
  '/register',
  '/forgot-password',
  '/verify',
  '/reset-password',
  '/invitation',
  '/confirm-email',
  '/acting-ended',
]

export function isEntryPath(path: string): boolean {
  return entries.some(
    (entry) => path === entry || path.startsWith(`${entry}/`) || path.startsWith(`${entry}?`),
  )
}

/** Where the invitation that this browser remembers is accepted. */
export const invitationPath = '/invitation'

/** The path if it is a safe one on this origin, otherwise the jobs page. */
export function safeReturnPath(text: string | null | undefined): string {
  if (!text?.startsWith('/') || text.length > 2_000) return fallback
  // `//host`, `/\host` and control characters are read as another origin by browsers.
  if (/^\/[/\\]/.test(text) || hasControlCharacter(text) || !URL.canParse(text, placeholder)) return fallback
  const url = new URL(text, placeholder)
  if (url.origin !== placeholder) return fallback
  const path = url.pathname + url.search
  if (path === invitationPath) return path
  return path === '/' || path.startsWith('//') || isEntryPath(path) ? fallback : path
}

/** The sign-in page that leads back to `path`. */
export function signInAddress(path: string): string {
  return entryAddress('/sign-in', path)
}

/** An entry page that knows where the reader wanted to be. */
export function entryAddress(entry: string, path: string | null): string {
  const target = safeReturnPath(path)
  return target === fallback ? entry : `${entry}?next=${encodeURIComponent(target)}`
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}
