'use client'
// The current time as state: one interval per component, none when nothing moves.
import { useEffect, useState } from 'react'

/** @param everyMs how often to look; `undefined` stops the clock */
export function useNow(everyMs: number | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
