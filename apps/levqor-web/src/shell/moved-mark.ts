// That this tab was moved along because another one had changed the session, so that the page it arrives at can say so.
const name = 'levqor-moved'

export function rememberMoved(): void {
  sessionStorage.setItem(name, 'yes')
}

/** Whether it was; once. */
export function takeMoved(): boolean {
  const moved = sessionStorage.getItem(name) !== null
  sessionStorage.removeItem(name)
  return moved
}
