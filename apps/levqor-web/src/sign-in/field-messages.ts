// What the server said about one field of a form.
import type { LevqorError } from '@levqor/client'

export function messagesFor(error: LevqorError | undefined, field: string): readonly string[] {
  return (error?.problem.errors ?? [])
    .filter(({ pointer }) => pointer === field || pointer.endsWith(`/${field}`))
    .map(({ message }) => message)
}
