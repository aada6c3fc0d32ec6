// The routes of proofs.
import {
  getProof as getProofContract,
  mailProofCode as mailProofCodeContract,
  prove as proveContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { IdentityServices } from '../services.ts'
import { getProof } from './get-proof.ts'
import { mailProofCode } from './mail-proof-code.ts'
import { prove } from './prove.ts'

export const proofRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: getProofContract,
    door: 'session',
    verb: getProof,
    input: () => ({}),
    present: ({ methods, provenUntil }) => ({
      methods: [...methods],
      proven_until: presentTime(provenUntil),
    }),
  }),
  defineRoute({
    contract: proveContract,
    door: 'session',
    verb: prove,
    input: ({ body }, { addressKey }) => ({ proof: body, addressKey }),
    present: ({ provenUntil }) => ({ proven_until: presentTime(provenUntil) }),
  }),
  defineRoute({
    contract: mailProofCodeContract,
    door: 'session',
    verb: mailProofCode,
    input: () => ({}),
    present: ({ expiresAt }) => ({ status: 'sent' as const, expires_at: presentTime(expiresAt) }),
  }),
]
