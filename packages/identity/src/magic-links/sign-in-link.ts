// The address of a sign-in link. The token travels in the fragment: it reaches no server log, no proxy and no Referer.

export function signInLink(origin: string, token: string): string {
  return `${origin}/sign-in/link#token=${token}`
}
