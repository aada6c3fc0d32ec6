// proxy.ts: pages get their headers and nonce; what the policy does not name is answered 404 by the guard.
import { guardNextProxy, sharedGuard } from '@levqor/guard/next'
import { NextResponse } from 'next/server'
import { createNotesGuard, identifyKey } from './notes-guard'

export const proxy = guardNextProxy(sharedGuard(createNotesGuard), {
  identify: ({ headers }) => identifyKey(headers.get('authorization')),
  NextResponse,
})

// Not here: built files, which stand behind nothing, and /api/, where each handler has its guardNext and the catch-all
// the rest.
export const config = { matcher: '/((?!api/|_next/static/).*)' }
