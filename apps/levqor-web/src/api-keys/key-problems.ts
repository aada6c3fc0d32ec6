// What the server said about a key's form, field by field.
import type { LevqorError } from '@levqor/client'
import { placeProblems } from '../run-form/place-problems.ts'
import { addressesOf } from './key-choices.ts'

/** @param addresses the text of the field that holds all of them: each message says which one it means */
export function keyProblems(
  error: LevqorError | undefined,
  fields: readonly string[],
  addresses: string,
): ReturnType<typeof placeProblems> {
  const problems = error?.problem.errors ?? []
  return placeProblems(
    problems.map((problem) => ({ ...problem, message: withAddress(problem, addresses) })),
    fields,
  )
}

function withAddress(
  { pointer, message }: { readonly pointer: string; readonly message: string },
  addresses: string,
): string {
  const index = /^\/allowed_addresses\/(\d+)$/.exec(pointer)?.[1]
  const address = index === undefined ? undefined : addressesOf(addresses)[Number(index)]
  return address === undefined ? message : `${address}: ${message}`
}
