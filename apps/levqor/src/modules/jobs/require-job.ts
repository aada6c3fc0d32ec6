// The job that a read is about: of this workspace, or not there at all.
import type { WorkspaceReader } from '@levqor/database'
import type { Job } from '@levqor/jobs'
import { serviceError } from '@levqor/server'
import { loadVersion, type WorkflowVersion } from '@levqor/workflows'
import type { LevqorServices } from '../../services.ts'

interface JobReader {
  readonly services: LevqorServices
  readonly workspaceId: string
}

/** @throws ServiceError `job_not_found` */
export async function requireJob({ services, workspaceId }: JobReader, jobId: string): Promise<Job> {
  const job = await services.jobs.get({ workspaceId, jobId })
  if (!job) throw serviceError('job_not_found')
  return job
}

/** The published version that the job runs; undefined for Levqor's own jobs. */
export async function versionOf(db: WorkspaceReader, job: Job): Promise<WorkflowVersion | undefined> {
  return job.workflow && loadVersion(db, job.workflow.versionId)
}
