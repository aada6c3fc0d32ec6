// Calls a function at most once per interval, and always once more after the last request.

export interface Throttled {
  readonly call: () => void
  /** Calls now, whatever the interval says. */
  readonly flush: () => void
  readonly cancel: () => void
}

export function throttle(run: () => void, everyMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined
  function cancel() {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    call() {
      timer ??= setTimeout(() => {
        timer = undefined
        run()
      }, everyMs)
    },
    flush() {
      cancel()
      run()
    },
    cancel,
  }
}
