'use client'
// How an action asks its reader for a proof.
import { createContext, useContext } from 'react'

/** Resolves to whether the reader has proven who they are. */
export type AskForProof = () => Promise<boolean>

export const ProofGateContext = createContext<AskForProof | undefined>(undefined)

/** Undefined outside the console, where nobody can be asked. */
export function useProofGate(): AskForProof | undefined {
  return useContext(ProofGateContext)
}
