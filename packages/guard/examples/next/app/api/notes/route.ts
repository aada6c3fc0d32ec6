// app/api/notes/route.ts: a handler behind its door.
import { guardNext, sharedGuard } from '@levqor/guard/next'
import { createNotesGuard, identifyKey } from '../../../notes-guard'

export const GET = guardNext(
  sharedGuard(createNotesGuard),
  'notes',
  (_, { actor }) => Response.json({ for: actor?.id }),
  { identify: ({ headers }) => identifyKey(headers.get('authorization')) },
)
