// One sleeper that can be woken. Rung while nobody sleeps, it makes the next sleep end at once.

export interface Bell {
  ring(): void
  /** Forgets earlier rings. Call it before looking at what the rings are about. */
  reset(): void
  /** Resolves after `ms`, or when rung. Leaves no timer. */
  wait(ms: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    reset() {
      rung = false
    },
    async wait(ms) {
      if (rung) return
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, ms)
      })
      clearTimeout(timer)
      wake = undefined
    },
  }
}
