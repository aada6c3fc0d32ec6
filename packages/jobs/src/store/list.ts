// Pages of jobs, newest first.
import { decodeCursor, encodeCursor, type SqlRunner } from '@levqor/database'
import type { Job } from '../job.ts'
import { type JobFilter, whereOf } from './job-filter.ts'
import { type JobRow, jobColumns, readJob } from './job-row.ts'

export interface ListRequest extends JobFilter {
  /** 1 to 100, default 20. */
  readonly limit?: number
  /** `nextCursor` of the page before. */
  readonly cursor?: string
}

export interface JobPage {
  readonly jobs: readonly Job[]
  /** Missing on the last page. */
  readonly nextCursor: string | undefined
}

/** @throws DatabaseError `bad_cursor` */
export async function listJobs(read: SqlRunner, request: ListRequest): Promise<JobPage> {
  const limit = Math.min(Math.max(Math.trunc(request.limit ?? 20), 1), 100)
  const { conditions, params } = whereOf(request, read.dialect)
  if (request.cursor !== undefined) {
    const [before] = decodeCursor(request.cursor, ['string'])
    params.push(before)
    conditions.push(`job_id < $${params.length}`)
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const rows = await read.query<JobRow>(
    `SELECT ${jobColumns} FROM jobs ${where} ORDER BY job_id DESC LIMIT $${params.length + 1}`,
    [...params, limit + 1],
  )
  const jobs = rows.slice(0, limit).map(readJob)
  const last = jobs.at(-1)
  return { jobs, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : undefined }
}

export async function getJob(
  read: SqlRunner,
  { workspaceId, jobId }: { readonly workspaceId?: string; readonly jobId: string },
): Promise<Job | undefined> {
  const [row] =
    workspaceId === undefined
      ? await read.query<JobRow>(`SELECT ${jobColumns} FROM jobs WHERE job_id = $1`, [jobId])
      : await read.query<JobRow>(`SELECT ${jobColumns} FROM jobs WHERE job_id = $1 AND workspace_id = $2`, [
          jobId,
          workspaceId,
        ])
  return row && readJob(row)
}
