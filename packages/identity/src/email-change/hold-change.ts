// From the token of a mail to its change, with the person held: what confirms, stops, withdraws and replaces takes turns.
import { holdPerson } from '../accounts/hold-person.ts'
import type { WriteContext } from '../services.ts'
import { type FoundChange, findChange, requireOpenChange } from './find-change.ts'

export type HeldChange = Pick<FoundChange, 'id' | 'userId' | 'data'>

/** @throws ServiceError `token_invalid`, `token_withdrawn`, `token_used`, `token_expired` */
export async function holdChange({ db, clock }: WriteContext, token: string): Promise<HeldChange> {
  await holdPerson(db, (await findChange(db, token)).userId)
  const change = await findChange(db, token)
  requireOpenChange(change, clock.now())
  return change
}
