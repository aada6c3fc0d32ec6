'use client'
// Notices within seconds what has become of the session somewhere else, also on a page that asks for nothing by itself: it
// has ended, belongs to somebody else, acts in another workspace. Hidden pages ask nothing; when they come to sight or their
// window is turned to, they ask at once.
import { type SessionContext, watchSession } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { api } from '../api/client.ts'
import { refreshInterval } from '../api/create-query-client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { forgetActing } from './acting-mark.ts'
import { rememberMoved } from './moved-mark.ts'
import { useMovedNotice } from './use-moved-notice.ts'

const everyMs = 5_000

/** After an action of the page's own: where that changes the session, it leads somewhere by itself. */
const settleMs = 2_000

export function SessionWatch() {
  const isSettled = useSettled()
  // A 401 leads to the sign-in page (see create-query-client).
  const { refetch } = useQuery({
    queryKey: queryKeys.session,
    // Kept is the first answer, with which everything else in memory began.
    async queryFn({ client, signal }) {
      const now = await api.call(watchSession, { signal })
      const began = client.getQueryData<SessionContext>(queryKeys.session) ?? now
      if (!sameContext(began, now) && isSettled()) moveAlong(began, now)
      return began
    },
    staleTime: everyMs,
    refetchInterval: ({ state }) => refreshInterval(state.error, everyMs),
    refetchOnWindowFocus: 'always',
  })
  // Of two windows side by side neither is ever hidden.
  useEffect(() => {
    const ask = () => void refetch({ cancelRefetch: false })
    window.addEventListener('focus', ask)
    return () => window.removeEventListener('focus', ask)
  }, [refetch])
  useMovedNotice()
  return null
}

/** Whether no action is under way or only just done. */
function useSettled(): () => boolean {
  const client = useQueryClient()
  const lastMs = useRef(Number.NEGATIVE_INFINITY)
  useEffect(
    () =>
      client.getMutationCache().subscribe(({ type }) => {
        if (type === 'updated') lastMs.current = performance.now()
      }),
    [client],
  )
  return useCallback(
    () => client.isMutating() === 0 && performance.now() - lastMs.current >= settleMs,
    [client],
  )
}

function sameContext(one: SessionContext, other: SessionContext): boolean {
  return (
    one.session_id === other.session_id &&
    one.user_id === other.user_id &&
    one.workspace_id === other.workspace_id
  )
}

/** A full page load: nothing of the former context stays in memory. */
function moveAlong(began: SessionContext, now: SessionContext): void {
  forgetActing()
  rememberMoved()
  // Somebody else may not see this area at all; what its page is about may be the other workspace's.
  location.assign(began.user_id === now.user_id ? `/${location.pathname.split('/')[1]}` : '/jobs')
}
