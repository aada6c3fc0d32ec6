'use client'
// Whole seconds until a moment, counted down; zero when there is none or it has passed.
import { useEffect, useState } from 'react'

/** @param until epoch milliseconds */
export function useSecondsLeft(until: number | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  const over = until === undefined || now >= until
  useEffect(() => {
    setNow(Date.now())
    if (until === undefined) return
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [until])
  return over ? 0 : Math.ceil((until - now) / 1_000)
}
