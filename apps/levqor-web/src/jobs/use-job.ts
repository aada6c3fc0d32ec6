'use client'
// One job, its steps and its log lines, as cached server data.
import { getJob, getJobLogs, getJobSteps, type JobLogLine } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'

export function useJob(id: string) {
  return useQuery({
    queryKey: queryKeys.job(id),
    queryFn: ({ signal }) => api.call(getJob, { params: { id }, signal }),
  })
}

export function useJobSteps(id: string) {
  return useQuery({
    queryKey: queryKeys.jobSteps(id),
    queryFn: async ({ signal }) => {
      const { items } = await api.call(getJobSteps, { params: { id }, signal })
      return items.toSorted((a, b) => a.position - b.position)
    },
  })
}

/** Only what is new is fetched; the lines before it are kept. */
export function useJobLogs(id: string) {
  const cache = useQueryClient()
  const queryKey = queryKeys.jobLogs(id)
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<readonly JobLogLine[]> => {
      const known = cache.getQueryData<readonly JobLogLine[]>(queryKey) ?? []
      const after = known.at(-1)?.seq ?? 0
      const { items } = await api.call(getJobLogs, { params: { id }, query: { after }, signal })
      return [...known, ...items.filter((line) => line.seq > after)]
    },
  })
}
