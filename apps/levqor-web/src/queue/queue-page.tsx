'use client'
// How the queues are doing: depth, age, workers.
import { getQueueHealth, type QueueHealth } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { api } from '../api/client.ts'
import { refreshInterval } from '../api/create-query-client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { Facts } from '../ui/facts.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SectionTitle } from '../ui/section-title.tsx'
import { QueueTable } from './queue-table.tsx'
import { WorkerList } from './worker-list.tsx'

export function QueuePage() {
  const health = useQuery({
    queryKey: queryKeys.queueHealth,
    queryFn: ({ signal }) => api.call(getQueueHealth, { signal }),
    refetchInterval: ({ state }) => refreshInterval(state.error, 5_000),
  })
  return (
    <>
      <PageHeader title="Queue" about={health.data ? <Verdict health={health.data} /> : undefined} />
      <QueryGate query={health}>
        {(data) => (
          <div className="flex flex-col gap-10">
            <section>
              <SectionTitle>Queues</SectionTitle>
              <QueueTable queues={data.queues} />
            </section>
            <div className="grid gap-10 md:grid-cols-2">
              <section>
                <SectionTitle>Workers</SectionTitle>
                <WorkerList workers={data.workers} />
              </section>
              <section>
                <SectionTitle>How it runs</SectionTitle>
                <Facts
                  facts={[
                    { term: 'Store', value: data.store === 'sqlite' ? 'SQLite, one file' : 'PostgreSQL' },
                    {
                      term: 'Dispatch',
                      value: data.dispatch === 'in-process' ? 'within this process' : 'BullMQ on Redis',
                    },
                  ]}
                />
              </section>
            </div>
          </div>
        )}
      </QueryGate>
    </>
  )
}

function Verdict({ health }: { readonly health: QueueHealth }) {
  const ok = health.status === 'ok'
  const Icon = ok ? CircleCheck : TriangleAlert
  return (
    <span className="inline-flex items-center gap-2">
      <Icon aria-hidden className={ok ? 'size-5 text-good' : 'size-5 text-wait'} />
      {ok ? 'Everything flows.' : 'Jobs are waiting longer than they should.'}
    </span>
  )
}
