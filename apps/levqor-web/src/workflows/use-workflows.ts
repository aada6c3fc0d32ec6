'use client'
// The workflows of the workspace.
import { getWorkflow, listWorkflows, listWorkflowVersions } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { usePages } from '../api/use-pages.ts'

export function useWorkflowPages() {
  return usePages({
    queryKey: [...queryKeys.workflows, 'list'],
    load: (cursor, signal) => api.call(listWorkflows, { query: { limit: 100, cursor }, signal }),
  })
}

export function useWorkflow(name: string) {
  return useQuery({
    queryKey: queryKeys.workflow(name),
    queryFn: ({ signal }) => api.call(getWorkflow, { params: { name }, signal }),
    staleTime: 30_000,
  })
}

export function useWorkflowVersions(name: string) {
  return usePages({
    queryKey: queryKeys.workflowVersions(name),
    load: (cursor, signal) => api.call(listWorkflowVersions, { params: { name }, query: { cursor }, signal }),
  })
}
