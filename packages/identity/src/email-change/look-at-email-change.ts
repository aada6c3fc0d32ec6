// What the link of a mail is about: which of the two mailboxes it was sent to, and the addresses that its mail names. The
// new mailbox may be a stranger's, by a slip of the finger: it is not told whose account it is. Nothing is consumed.
import { lookAtEmailChange as contract } from '@levqor/client'
import { defineVerb } from '../services.ts'
import { findChange, requireOpenChange } from './find-change.ts'

export const lookAtEmailChange = defineVerb({
  name: 'auth.email.look',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: contract.body,
  async run(
    { db, clock },
    { token },
  ): Promise<{ readonly mailbox: 'old' | 'new'; readonly email: string; readonly newEmail: string }> {
    const change = await findChange(db, token)
    requireOpenChange(change, clock.now())
    const { mailbox, from, to } = change.data
    return { mailbox, email: mailbox === 'old' ? from : to, newEmail: to }
  },
})
