// Names of cached data, in one place, so that what one page changes another forgets.
export const queryKeys = {
  me: ['me'],
  jobs: ['jobs'],
  jobList: (filter: { readonly status?: string | undefined; readonly workflow?: string | undefined }) => [
    'jobs',
    'list',
    filter,
  ],
  job: (id: string) => ['jobs', 'one', id],
  jobSteps: (id: string) => ['jobs', 'steps', id],
  jobLogs: (id: string) => ['jobs', 'logs', id],
  workflows: ['workflows'],
  workflow: (name: string) => ['workflows', 'one', name],
  workflowVersions: (name: string) => ['workflows', 'versions', name],
  apiKeys: ['api-keys'],
  deadLetters: ['dead-letters'],
  deadLetterList: (workflow: string | undefined) => ['dead-letters', 'list', workflow],
  outbox: ['outbox'],
  mail: (id: string) => ['outbox', 'one', id],
  queueHealth: ['queue-health'],
} as const
