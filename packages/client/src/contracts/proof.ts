// Proving again who one is, before something sensitive.
import { z } from 'zod'
import { defineContract, plainText, timestamp } from './contract.ts'
import { secondFactors } from './sign-in-methods.ts'

const method = z.enum([...secondFactors, 'password', 'mail'])

export const getProof = defineContract({
  id: 'auth.proof.get',
  method: 'GET',
  path: '/api/auth/proof',
  summary: 'With what I can prove who I am, and how long my last proof holds',
  status: 200,
  answer: z.object({
    methods: z.array(method),
    proven_until: timestamp.nullable().describe('Null: sensitive requests ask for a proof first'),
  }),
})

export const prove = defineContract({
  id: 'auth.proof.give',
  method: 'POST',
  path: '/api/auth/proof',
  summary:
    'Prove who I am: with a code where two-step sign-in is on, otherwise with the password or a mailed code',
  status: 200,
  body: z.union([
    z.strictObject({ password: plainText(1_000).min(1) }),
    z.strictObject({
      code: plainText(40).min(6).describe('Six digits of the app, or a recovery code'),
    }),
    z.strictObject({ mail_code: plainText(20).min(6).describe('Six digits of the mail') }),
  ]),
  answer: z.object({ proven_until: timestamp }),
})

export const mailProofCode = defineContract({
  id: 'auth.proof.mail',
  method: 'POST',
  path: '/api/auth/proof/mail',
  summary: 'Mail me a code that proves who I am; for accounts without password and second factor',
  status: 202,
  answer: z.object({ status: z.literal('sent'), expires_at: timestamp }),
})

export type ProofMethod = z.infer<typeof method>
