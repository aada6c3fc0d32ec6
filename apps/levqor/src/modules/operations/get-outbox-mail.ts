// One mail. Its body only where the outbox is the place to read it. A scope of its own: with the links and codes of mails a
// key could sign in as whoever they were written to.
import { readMail } from '@levqor/mail'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getOutboxMail = defineVerb({
  name: 'ops.outbox.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'mail:read' },
  input: z.object({ id: z.string() }),
  async run({ db }, { id }) {
    const mail = await readMail(db, id)
    if (!mail) throw serviceError('not_found', { detail: 'There is no mail with this identifier.' })
    return mail
  },
})
