'use client'
// Follows a job by server-sent events. What an event says is shown at once; what it does not say (outputs, attempts)
// is fetched again, at most every two seconds, so that a chatty job does not use up the reader's limits.
import type { JobDetail, JobEvent, JobStep } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, asLevqorError } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { applyEvent } from './apply-event.ts'
import { isOver } from './is-over.ts'
import { throttle } from './throttle.ts'

export type Liveness = 'connecting' | 'live' | 'reconnecting' | 'off'

const refetchEveryMs = 2_000
const retryMs = 5_000

/** @param follow false once the job is over, or before it is known */
export function useLiveJob(id: string, follow: boolean): Liveness {
  const cache = useQueryClient()
  const lastSeq = useRef(0)
  const [liveness, setLiveness] = useState<Liveness>('off')

  useEffect(() => {
    if (!follow) return
    const stop = new AbortController()
    const { signal } = stop
    const keys = { job: queryKeys.job(id), step: queryKeys.jobSteps(id), log: queryKeys.jobLogs(id) }
    const stale = new Set<readonly unknown[]>()
    const refetch = throttle(() => {
      for (const queryKey of stale) void cache.invalidateQueries({ queryKey })
      stale.clear()
    }, refetchEveryMs)

    function show(event: JobEvent) {
      // History is repeated to every new connection. A state has the number of the stored event before it.
      if (event.seq < lastSeq.current || (event.seq === lastSeq.current && event.type !== 'job')) return
      lastSeq.current = event.seq
      setLiveness('live')
      if (applyEvent.isNews(event, Date.now())) {
        cache.setQueryData<JobDetail>(keys.job, (job) => job && applyEvent.toJob(job, event))
        cache.setQueryData<readonly JobStep[]>(
          keys.step,
          (steps) => steps && applyEvent.toSteps(steps, event),
        )
      }
      stale.add(keys[event.type])
      if (event.type === 'job' && isOver(event.status)) refetchAll()
      else refetch.call()
    }

    function refetchAll() {
      for (const key of Object.values(keys)) stale.add(key)
      refetch.flush()
    }

    async function listen() {
      setLiveness('connecting')
      while (!signal.aborted) {
        try {
          for await (const event of api.followJob(id, { signal })) show(event)
          refetchAll()
          // Normally over now, which ends this effect. A job that was brought back has older ends in its history.
          await pause(retryMs, signal)
        } catch (error) {
          if (signal.aborted) return
          const known = asLevqorError(error)
          // Gone or not ours: the page's own queries tell the reader so.
          if (known && known.status >= 400 && known.status < 500 && known.status !== 429) {
            refetchAll()
            break
          }
          setLiveness('reconnecting')
          // A stream that is cut off may mean that this session was ended: then the page must not wait to say so.
          if (!known) refetchAll()
          await pause((known?.retryAfter ?? 0) * 1_000 || retryMs, signal)
        }
      }
      if (!signal.aborted) setLiveness('off')
    }
    void listen()

    return () => {
      stop.abort()
      refetch.cancel()
      setLiveness('off')
    }
  }, [id, follow, cache])

  return liveness
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
