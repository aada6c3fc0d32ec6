'use client'
// Follows a job by server-sent events. What an event says is shown at once; what it does not say (outputs, attempts)
// is fetched again, at most once a second, so that a chatty job does not use up the reader's limits.
import type { JobDetail, JobEvent, JobStep } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, asLevqorError } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { applyEvent } from './apply-event.ts'
import { isOver } from './is-over.ts'
import { throttle } from './throttle.ts'

export type Liveness = 'connecting' | 'live' | 'reconnecting' | 'off'

const refetchEveryMs = 1_000
const retryMs = 5_000

/** @param follow false once the job is over, or before it is known */
export function useLiveJob(id: string, follow: boolean): Liveness {
  const cache = useQueryClient()
  const [liveness, setLiveness] = useState<Liveness>('off')

  useEffect(() => {
    if (!follow) return
    const stop = new AbortController()
    const { signal } = stop
    const refetch = throttle(() => {
      void cache.invalidateQueries({ queryKey: queryKeys.job(id) })
      void cache.invalidateQueries({ queryKey: queryKeys.jobSteps(id) })
      void cache.invalidateQueries({ queryKey: queryKeys.jobLogs(id) })
    }, refetchEveryMs)

    function show(event: JobEvent) {
      setLiveness('live')
      if (applyEvent.isNews(event, Date.now())) {
        cache.setQueryData<JobDetail>(queryKeys.job(id), (job) => job && applyEvent.toJob(job, event))
        cache.setQueryData<readonly JobStep[]>(
          queryKeys.jobSteps(id),
          (steps) => steps && applyEvent.toSteps(steps, event),
        )
      }
      refetch.call()
      if (event.type === 'job' && isOver(event.status)) refetch.flush()
    }

    async function listen() {
      setLiveness('connecting')
      while (!signal.aborted) {
        try {
          for await (const event of api.followJob(id, { signal })) show(event)
          refetch.flush()
          // Normally over now, which ends this effect. A job that was brought back has older ends in its history.
          await pause(retryMs, signal)
        } catch (error) {
          if (signal.aborted) return
          const known = asLevqorError(error)
          // Gone or not ours: the page's own queries tell the reader so.
          if (known && known.status >= 400 && known.status < 500 && known.status !== 429) break
          setLiveness('reconnecting')
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
