// That a session has just ended under somebody's hands, told to the sign-in page to which they are led. In the storage of
// this tab, not in the address, where anybody could put it.
const name = 'levqor-session-ended'

export function markSessionEnded(): void {
  try {
    sessionStorage.setItem(name, 'yes')
  } catch {
    // Storage may be switched off; then the page says nothing.
  }
}

/** Whether it was marked; once. */
export function takeSessionEnded(): boolean {
  try {
    const marked = sessionStorage.getItem(name) !== null
    sessionStorage.removeItem(name)
    return marked
  } catch {
    return false
  }
}
