// A name that no door has: what to write instead.
import { suggest } from '../suggest.ts'

/** More doors are neither listed nor compared: that would take longer than reading the policy. */
const mostListed = 12
const mostCompared = 100

/** The fix for a door that does not exist; `doors` for a hint, as long as there are few such names. */
export function noSuchDoor(name: string, doors: Readonly<Record<string, unknown>> = {}): string {
  const names = Object.keys(doors)
  const meant = names.length > mostCompared ? undefined : suggest(name, names)
  const hint =
    meant !== undefined
      ? ` Did you mean "${meant}"?`
      : names.length > 0 && names.length <= mostListed
        ? ` There are: ${names.join(', ')}.`
        : ''
  return `There is no door "${name.length > 64 ? `${name.slice(0, 61)}...` : name}".${hint}`
}
