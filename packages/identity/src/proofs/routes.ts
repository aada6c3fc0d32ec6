// The routes of proofs.
import {
  getProof as getProofContract,
  mailProofCode as mailProofCodeContract,
  prove as proveContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import type { IdentityServices } from '../services.ts'
import { getProof } from './get-proof.ts'
import { mailProofCode } from './mail-proof-code.ts'
import { prove } from './prove.ts'

const time = (ms: number) => new Date(ms).toISOString()

export const proofRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: getProofContract,
    door: 'session',
    verb: getProof,
    input: () => ({}),
    present: ({ methods, provenUntil }) => ({
      methods: [...methods],
      proven_until: provenUntil === null ? null : time(provenUntil),
    }),
  }),
  defineRoute({
    contract: proveContract,
    door: 'session',
    verb: prove,
    input: ({ body }, { addressKey }) => ({ proof: body, addressKey }),
    present: ({ provenUntil }) => ({ proven_until: time(provenUntil) }),
  }),
  defineRoute({
    contract: mailProofCodeContract,
    door: 'session',
    verb: mailProofCode,
    input: () => ({}),
    present: ({ expiresAt }) => ({ status: 'sent' as const, expires_at: time(expiresAt) }),
  }),
]
