// That this tab acts for somebody, so that when the session has ended its page can say what happened instead of asking the
// operator to sign in. Holds no secret: the way back is a cookie that pages cannot read.
const name = 'levqor-acting'

export function rememberActing(who: string): void {
  sessionStorage.setItem(name, who)
}

export function forgetActing(): void {
  sessionStorage.removeItem(name)
}

/** For whom, or undefined. */
export function actingFor(): string | undefined {
  return sessionStorage.getItem(name) ?? undefined
}
