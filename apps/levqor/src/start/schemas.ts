// Every package that has tables in Levqor's database.
import { identitySchema } from '@levqor/identity'
import { jobsSchema } from '@levqor/jobs'
import { mailSchema } from '@levqor/mail'
import { serverSchema } from '@levqor/server'
import { workflowsSchema } from '@levqor/workflows'

export const levqorSchemas = [jobsSchema, mailSchema, workflowsSchema, serverSchema, identitySchema]
