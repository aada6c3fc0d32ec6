'use client'
// Where the keyboard goes on when what it was on is gone: the row of an ended session, a form that was sent. Browsers drop
// the focus to the top of the document then, and say nothing.
import { useEffect } from 'react'

const control = 'a[href],button:enabled,input:enabled,select:enabled,textarea:enabled,summary'
// Not toasts, which are dialogs, too, but take the page away from nobody.
const overlay = '[role=dialog]:not([aria-modal=false]),[role=alertdialog]:not([aria-modal=false]),[role=menu]'

export function KeepFocus() {
  useEffect(() => {
    /** What had the focus last, and what had it last outside of dialogs with all that it stood in, innermost first. */
    let last: Element | undefined
    let chain: readonly Element[] = []
    let frame = 0

    function remember({ target }: FocusEvent) {
      if (!(target instanceof Element)) return
      last = target
      if (!target.closest(overlay)) chain = lineageOf(target)
    }
    // Whoever presses on nothing means to leave.
    function forget({ target }: PointerEvent) {
      if (target instanceof Element && !target.closest(`${control},label`)) last = undefined
    }
    function look() {
      frame = 0
      const holder = document.activeElement
      if (holder !== null && holder !== document.body) return
      if (last === undefined || (last.isConnected && !last.matches(':disabled'))) return
      const dialog = [...document.querySelectorAll<HTMLElement>(overlay)].at(-1)
      if (dialog) dialog.focus()
      else goOn(chain)
    }
    // Two frames: a dialog that closes gives the focus back by itself first.
    const watcher = new MutationObserver(() => {
      if (frame !== 0 || document.activeElement !== document.body) return
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(look)
      })
    })
    watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget)
    return () => {
      watcher.disconnect()
      cancelAnimationFrame(frame)
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget)
    }
  }, [])
  return null
}

function lineageOf(element: Element): readonly Element[] {
  const lineage: Element[] = []
  for (let at: Element | null = element; at; at = at.parentElement) lineage.push(at)
  return lineage
}

/** The nearest thing that can be done beside what is gone; failing that the heading above it. */
function goOn(chain: readonly Element[]): void {
  const [lost] = chain
  if (lost instanceof HTMLElement && lost.isConnected && lost.matches(control)) {
    lost.focus()
    return
  }
  for (const place of chain) {
    if (!place.isConnected) continue
    if (place.matches('main')) {
      give(place.querySelector('h1') ?? place)
      return
    }
    if (!place.matches('li,ul,form,section')) continue
    const next = [...place.querySelectorAll<HTMLElement>(control)].find((each) => each.checkVisibility())
    if (next || place.matches('section')) {
      give(next ?? place.querySelector('h2,h3') ?? place)
      return
    }
  }
}

function give(element: Element): void {
  if (!(element instanceof HTMLElement)) return
  if (!element.matches(control) && !element.hasAttribute('tabindex')) element.tabIndex = -1
  element.focus()
}
