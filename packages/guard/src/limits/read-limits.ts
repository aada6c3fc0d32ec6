// Limits as people write them: "5 per minute; 100 per hour". For settings and policies that are read aloud.
import { guardError } from '../errors.ts'
import type { LimitRule } from './limit.ts'

/** The numbers of a rule; its name and what it counts by are yours to add. */
export type LimitNumbers = Required<Pick<LimitRule, 'windowMs'>> & { readonly quota: number }

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['millisecond', 1],
  ['s', 1000],
  ['sec', 1000],
  ['second', 1000],
  ['m', 60_000],
  ['min', 60_000],
  ['minute', 60_000],
  ['h', 3_600_000],
  ['hour', 3_600_000],
  ['d', 86_400_000],
  ['day', 86_400_000],
  ['w', 604_800_000],
  ['week', 604_800_000],
])

const longest = 80
const form = /^(?<quota>[+-]?[\d._]+)\s*(?:per|\/)\s*(?:(?<many>[+-]?[\d._]+)\s*)?(?<unit>[a-z]+)$/i
const wholeNumber = /^\d{1,15}$/

/**
 * Reads limits, separated by semicolons: a whole number, `per` or `/`, and a window such as `second`, `10 s`,
 * `15 minutes`, `day`.
 * @throws GuardError `bad_limit_form` naming every limit that cannot be read and why
 * @example
 * const [short, long] = readLimits('5 per minute; 100 per hour')
 * // { quota: 5, windowMs: 60000 }, { quota: 100, windowMs: 3600000 }
 * @example
 * const strangers = readLimits('10/10 s; 500 per day').map((limit, i) => ({ ...limit, name: `sign-in-${i}`, by: 'address' }))
 */
export function readLimits(text: string): readonly LimitNumbers[] {
  const limits: LimitNumbers[] = []
  const problems: string[] = []
  for (const part of text.split(';').map((it) => it.trim())) {
    const limit = readLimit(part)
    if (typeof limit === 'string') problems.push(`"${part.slice(0, longest)}": ${limit}`)
    else limits.push(limit)
  }
  if (problems.length > 0) {
    throw guardError('bad_limit_form', `These limits cannot be read:\n${problems.join('\n')}`, problems)
  }
  return limits
}

function readLimit(text: string): LimitNumbers | string {
  const groups = text.length > longest ? undefined : form.exec(text)?.groups
  if (groups === undefined) return 'Write it as "5 per minute", "10/10 s" or "500 per day".'
  const { quota = '', many = '1', unit = '' } = groups
  const unitMs = unitsMs.get(singular(unit.toLowerCase()))
  if (unitMs === undefined) {
    return `There is no unit "${unit}". Use ms, second, minute, hour, day or week.`
  }
  if (!isCount(quota)) return `The number of requests must be a whole number above 0, not ${quota}.`
  if (!isCount(many)) return `The window must be a whole number of ${singular(unit)}s above 0, not ${many}.`
  return { quota: Number(quota), windowMs: Number(many) * unitMs }
}

/** One-letter units and `ms` have no plural. */
function singular(unit: string): string {
  return unit.length > 2 && unit.endsWith('s') ? unit.slice(0, -1) : unit
}

function isCount(text: string): boolean {
  return wholeNumber.test(text) && Number(text) > 0
}
