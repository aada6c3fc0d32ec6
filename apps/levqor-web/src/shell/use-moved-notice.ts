'use client'
// Says where somebody is now whose tab was moved along.
import { useEffect } from 'react'
import { showToast } from '../ui/toaster.tsx'
import { takeMoved } from './moved-mark.ts'
import { useMe } from './use-me.ts'

export function useMovedNotice(): void {
  const { data: me } = useMe()
  useEffect(() => {
    if (!me || !takeMoved()) return
    showToast({
      title: `You are now working in “${me.workspace.name}”`,
      text: `As ${me.user?.name ?? me.user?.email ?? 'somebody'}. Another tab has changed that.`,
    })
  }, [me])
}
