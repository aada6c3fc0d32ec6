// app/api/[...rest]/route.ts: what no other handler serves is answered 404 by the guard, with headers, and counted.
import { guardNextUnmatched, sharedGuard } from '@levqor/guard/next'
import { createNotesGuard } from '../../../notes-guard'

const answer = guardNextUnmatched(sharedGuard(createNotesGuard))

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT }
