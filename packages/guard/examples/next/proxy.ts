// proxy.ts: pages get their headers and nonce; what the policy does not name ends at the not-found page.
import { guardNextProxy, sharedGuard } from '@levqor/guard/next'
import { NextResponse } from 'next/server'
import { createNotesGuard, identifyKey } from './notes-guard'

export const proxy = guardNextProxy(sharedGuard(createNotesGuard), {
  identify: ({ headers }) => identifyKey(headers.get('authorization')),
  NextResponse,
})

// Route handlers stand behind guardNext, built files behind nothing.
export const config = { matcher: '/((?!api/|_next/static/).*)' }
