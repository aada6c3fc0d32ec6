// What a policy looks like, as data: fields, types, what must be there. Policies come from JSON and plain JavaScript
// too, so everything is read once into a plain copy before a rule looks at it: no rule ever meets a wrong type.
// What is wrong is replaced by a stand-in of the right type, so that everything else can be judged all the same.
import { suggest } from '../suggest.ts'
import { describeKind, isPlainObject, nameKind } from './describe-value.ts'
import type { PolicyProblem } from './policy.ts'

/**
 * Accepts at least every `T`: a shape of any text fits a field that allows three words. So the compiler holds the
 * tables against the types, and neither can change without the other.
 */
export interface Shape<in T> {
  /** For sentences: "a text". */
  readonly what: string
  /** Whether a value is of this kind at all, whatever is in it. */
  readonly fits: (value: unknown) => boolean
  /** A plain copy of a value that fits. */
  readonly copy: (value: unknown, path: string, reading: Reading) => unknown
  /** Of the right type, and as meaningless as possible: no rule compares anything with it. */
  readonly standIn: () => unknown
  /** Whether a secret may have been written here by mistake: then only the kind of what was found is told. */
  readonly hides?: boolean
  /** Never read; see above. */
  readonly accepts?: (value: T) => void
}

/** What was found while reading. */
export interface Reading {
  readonly problems: PolicyProblem[]
  /** Values that may be shown, by path. */
  readonly values: Map<string, unknown>
  /** Where stand-ins stand. */
  readonly broken: Set<string>
}

/** Far above any real policy; they keep a hostile one from taking long. */
const longestText = 16_384
const longestName = 256
const mostEntries = 10_000
const mostHints = 50

/** Reads one value by its shape; whatever is wrong is in `reading`. */
export function readShape(shape: Shape<never>, value: unknown, path: string, reading: Reading): unknown {
  const { problems, broken } = reading
  const before = problems.length
  try {
    if (shape.fits(value)) return shape.copy(value, path, reading)
    const found = shape.hides === true ? nameKind(value) : describeKind(value)
    problems.push({ code: 'type', path, fix: `Use ${shape.what}.`, found })
  } catch {
    // A getter, a proxy, a revoked one: what cannot be read twice alike is no data.
    problems.length = before
    problems.push({
      code: 'type',
      path,
      fix: `Use ${shape.what}, as plain data: no getters, at most 10,000 fields.`,
    })
  }
  broken.add(path)
  return shape.standIn()
}

/** A field that may be left out. */
interface Optional<in T> {
  readonly optional: Shape<T>
}

/** One entry per field of `T`: nothing missing, nothing more, optional what is optional. */
type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Shape<T[K]>
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape }
}

/** An object with these fields and no others. */
export function object<T extends object>(fields: Fields<T>, { hides = false } = {}): Shape<T> {
  const entries = Object.entries(fields as Readonly<Record<string, Optional<never> | Shape<never>>>) // its very entries
  const known = entries.map(([name]) => name)
  const needed = entries.filter(([, field]) => !('optional' in field)).map(([name]) => name)
  const what = needed.length === 0 ? 'an object' : `an object with ${needed.join(', ')}`
  return {
    what,
    hides,
    fits: isPlainObject,
    standIn: () => {
      const copy = bare()
      for (const [name, field] of entries) if (!('optional' in field)) copy[name] = field.standIn()
      return copy
    },
    copy(value, path, reading) {
      const given = fieldsOf(value)
      const copy = bare()
      for (const [name, field] of entries) {
        const at = path === '' ? name : `${path}.${name}`
        const found = given.get(name)
        if (found !== undefined) {
          copy[name] = readShape('optional' in field ? field.optional : field, found, at, reading)
        } else if (!('optional' in field)) {
          reading.problems.push({ code: 'required', path: at, fix: `Add it: ${field.what}.` })
          reading.broken.add(at)
          copy[name] = field.standIn()
        }
      }
      const unknown = [...given.keys()].filter((name) => !known.includes(name))
      for (const [i, name] of unknown.entries()) {
        reading.problems.push(unknownField(name, path, i < mostHints ? known : []))
      }
      return copy
    },
  }
}

function unknownField(name: string, path: string, known: readonly string[]): PolicyProblem {
  const short = shorten(name)
  const meant = suggest(name, known) ?? known.find((it) => beginsAlike(it, name))
  const listed = known.length === 0 ? '' : ` There are: ${known.join(', ')}.`
  const hint = meant === undefined ? listed : ` Did you mean "${meant}"?`
  return {
    code: 'unknown_field',
    path: path === '' ? short : `${path}.${short}`,
    fix: `There is no "${short}" here.${hint}`,
  }
}

/** "hsts" for "hstsMaxAgeSeconds", "windowSec" for "windowMs". */
function beginsAlike(known: string, name: string): boolean {
  const [word = ''] = /^[a-z]*/.exec(name) ?? []
  return word.length > 2 && known.startsWith(word)
}

/** Entries under names that the policy chooses. `paths` says how a name is written in a path. */
export function record<T>(
  of: Shape<T>,
  { needs = [], paths = (name: string) => `.${name}` }: RecordOptions = {},
): Shape<Readonly<Record<string, T>>> {
  return {
    what: needs.length === 0 ? 'an object' : `an object with ${needs.join(', ')}`,
    hides: of.hides === true,
    fits: isPlainObject,
    standIn: () => {
      const copy = bare()
      for (const name of needs) copy[name] = of.standIn()
      return copy
    },
    copy(value, path, reading) {
      const given = fieldsOf(value)
      const copy = bare()
      for (const name of needs) {
        if (given.has(name)) continue
        reading.problems.push({ code: 'required', path: `${path}.${name}`, fix: `Add it: ${of.what}.` })
        reading.broken.add(`${path}.${name}`)
        copy[name] = of.standIn()
      }
      for (const [name, entry] of given) {
        if (name.length > longestName) {
          const fix = `Use a name of at most ${longestName} letters.`
          reading.problems.push({ code: 'type', path: `${path}${paths(shorten(name))}`, fix })
        } else copy[name] = readShape(of, entry, `${path}${paths(name)}`, reading)
      }
      if (given.size === 0) reading.values.set(path, copy)
      return copy
    },
  }
}

interface RecordOptions {
  readonly needs?: readonly string[]
  readonly paths?: (name: string) => string
}

export function list<T>(of: Shape<T>, most = mostEntries): Shape<readonly T[]> {
  return {
    what: `a list, each entry ${of.what}`,
    fits: Array.isArray,
    standIn: () => [],
    copy(value, path, reading) {
      const entries = value as readonly unknown[] // it fits
      const { length } = entries
      if (length > most) {
        const fix = `Use at most ${most.toLocaleString('en')} entries.`
        reading.problems.push({ code: 'type', path, fix, found: describeKind(value) })
        reading.broken.add(path)
        return []
      }
      const copy = Array.from({ length }, (_, i) =>
        readShape(of, dataOf(entries, String(i)), `${path}[${i}]`, reading),
      )
      reading.values.set(path, copy)
      return copy
    },
  }
}

/** A text; `what` says of what kind. */
export function textOf(what: string, { hides = false } = {}): Shape<string> {
  return {
    what,
    hides,
    fits: (value) => typeof value === 'string',
    standIn: () => '?',
    copy(value, path, reading) {
      const text = String(value)
      if (text.length > longestText) {
        const fix = `Use at most ${longestText.toLocaleString('en')} letters.`
        reading.problems.push({ code: 'type', path, fix, found: describeKind(text) })
        reading.broken.add(path)
        return '?'
      }
      if (!hides) reading.values.set(path, text)
      return text
    },
  }
}

export const text = textOf('a text')
/** Could hold a secret, such as the key in an address: never shown. */
export const hiddenText = textOf('a text', { hides: true })
export const number = scalar<number>('a number', (value) => typeof value === 'number', Number.NaN)
export const boolean = scalar<boolean>('true or false', (value) => typeof value === 'boolean', false)
export const nothing = scalar<null>('null', (value) => value === null, null)

function scalar<T>(what: string, fits: (value: unknown) => boolean, standIn: T): Shape<T> {
  return {
    what,
    fits,
    standIn: () => standIn,
    copy: (value, path, { values }) => {
      values.set(path, value)
      return value
    },
  }
}

/** One of two shapes, told apart by their kind. */
export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    what: `${a.what} or ${b.what}`,
    hides: a.hides === true || b.hides === true,
    fits: (value) => a.fits(value) || b.fits(value),
    standIn: a.standIn,
    copy: (value, path, reading) => (a.fits(value) ? a : b).copy(value, path, reading),
  }
}

/** One of two objects, told apart by a field: `b` where it has this value. */
export function variant<A, B>(a: Shape<A>, field: string, is: string, b: Shape<B>): Shape<A | B> {
  const { what, hides = false, fits, standIn } = a
  return {
    what,
    hides,
    fits,
    standIn,
    copy: (value, path, reading) => (dataOf(Object(value), field) === is ? b : a).copy(value, path, reading),
  }
}

/** An object that does something: it is used as it is, and must have these functions. */
export function part<T>(what: string, ...functions: readonly (keyof T & string)[]): Shape<T> {
  return {
    what,
    fits: (value) =>
      typeof value === 'object' &&
      value !== null &&
      functions.every((name) => typeof Reflect.get(value, name) === 'function'),
    standIn: bare,
    copy: (value) => value,
  }
}

/** Its own shape is checked elsewhere. */
export function anything<T>(what: string): Shape<T> {
  return { what, fits: () => true, standIn: () => undefined, copy: (value) => value }
}

/** Without prototype: no name can mean anything but what was written. */
function bare(): Record<string, unknown> {
  return Object.create(null)
}

/** Own fields that hold something. `undefined` is the same as leaving it out. */
function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  const from = Object(value)
  const names = Object.getOwnPropertyNames(from)
  if (names.length > mostEntries) throw new RangeError('too many fields')
  const given = new Map<string, unknown>()
  for (const name of names) {
    const found = dataOf(from, name)
    if (found !== undefined) given.set(name, found)
  }
  return given
}

/** A field's value. Getters are refused: they may say something else the next time. */
function dataOf(from: object, name: string): unknown {
  const field = Object.getOwnPropertyDescriptor(from, name)
  if (field !== undefined && !('value' in field)) throw new TypeError('a getter')
  return field?.value
}

function shorten(name: string): string {
  return name.length > 64 ? `${name.slice(0, 61)}...` : name
}
