// The string formats that a schema may name, each bounded in time.
import type { Ajv } from 'ajv'
import addFormats, { type FormatName } from 'ajv-formats'

export const formatNames = [
  ...['date', 'time', 'date-time', 'duration', 'uri', 'uri-reference', 'email', 'hostname', 'ipv4', 'ipv6'],
  ...['uuid', 'json-pointer'],
] as const

// Some of the library's expressions are quadratic; at this length the worst of them takes milliseconds.
const maxCharacters = 2_048

/** Adds the formats to a validator. A text longer than 2,048 characters has none of them. */
export function addBoundedFormats(ajv: Ajv): void {
  // The names above are all names of the library.
  addFormats.default(ajv, { formats: formatNames as unknown as FormatName[] })
  for (const name of formatNames) {
    const format = ajv.formats[name]
    const test = toTest(format)
    if (test) ajv.addFormat(name, (text: string) => text.length <= maxCharacters && test(text))
  }
}

function toTest(format: unknown): ((text: string) => boolean) | undefined {
  if (format instanceof RegExp) return (text) => format.test(text)
  // A format that is a function takes the text.
  if (typeof format === 'function') return (text) => format(text) === true
  if (typeof format !== 'object' || format === null || !('validate' in format)) return undefined
  return toTest(format.validate)
}
