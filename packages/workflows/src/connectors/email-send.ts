// email.send: mail through the outbox, accepted at most once per step and recipient.
import { taskError } from '@levqor/jobs'
import { mailLimits } from '@levqor/mail'
import { codeOf } from '../workflow-error.ts'
import { defineConnector } from './connector.ts'
import { toMailTable } from './to-mail-table.ts'

interface Input {
  readonly to: string | readonly string[]
  readonly subject: string
  readonly text?: string
  readonly table?: unknown
}

const address = { type: 'string', minLength: 3, maxLength: 254 }

export const emailSend = defineConnector<Input>({
  id: 'email.send',
  title: 'Send e-mail',
  description:
    'Sends a mail of text and, if wanted, a table. Each recipient gets a mail of their own. It is durable once the step is finished; delivery is a job of its own.',
  effect: 'keyed',
  parameters: {
    type: 'object',
    required: ['to', 'subject'],
    additionalProperties: false,
    properties: {
      to: { anyOf: [address, { type: 'array', minItems: 1, maxItems: 20, items: address }] },
      subject: { type: 'string', minLength: 1, maxLength: mailLimits.subjectLength },
      text: {
        type: 'string',
        maxLength: mailLimits.textLength,
        description: 'Plain text; blank lines separate paragraphs.',
      },
      table: { description: 'A list of objects, a list of lists (first one is the header), or one object.' },
    },
  },
  result: { recipients: 'Number of mails.', mails: 'Their ids, in the order of the recipients.' },
  async run(context, { to, subject, text = '', table }) {
    const { database, mailer, workspaceId, workflowName, idempotencyKey, jobId, requestId } = context
    const recipients = [...new Set([to].flat())]
    const props = {
      subject: subject.replace(/\s+/g, ' ').trim(),
      text,
      workflow: workflowName,
      ...(table === undefined || table === null ? {} : { table: toMailTable(table) }),
    }
    try {
      const mails = await database.workspace(workspaceId).transaction(async (tx) => {
        const ids: string[] = []
        for (const recipient of recipients) {
          const { mailId } = await mailer.enqueueMail(tx, {
            to: recipient,
            template: 'workflow-message',
            props,
            dedupeKey: `${idempotencyKey}:${ids.length}`,
            parentJobId: jobId,
            ...(requestId === undefined ? {} : { requestId }),
          })
          ids.push(mailId)
        }
        return ids
      })
      return { output: { recipients: mails.length, mails } }
    } catch (error) {
      if (codeOf(error) !== 'mail_invalid' || !(error instanceof Error)) throw error
      throw taskError({ code: 'mail_invalid', message: error.message, final: true, cause: error })
    }
  },
})
