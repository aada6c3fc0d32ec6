// One event in words: how often it happened, and its details without machine units.
import type { SecurityEvent } from '@levqor/client'
import { eventWords } from './event-words.ts'

/** What a row says. */
export interface EventDescription {
  readonly title: string
  readonly details: readonly (readonly [name: string, value: string])[]
}

type Details = SecurityEvent['details']

/** `merged` stands for how many a flood was merged to; durations are told in minutes or seconds. */
export function describeEvent({
  event,
  details,
}: Pick<SecurityEvent, 'event' | 'details'>): EventDescription {
  const { merged, ...rest } = details
  const times = typeof merged === 'number' ? `, ${merged} times` : ''
  return {
    title: `${eventWords(event)}${times}`,
    details: Object.entries(rest).map(([name, value]) => [nameInWords(name), valueInWords(name, value)]),
  }
}

function nameInWords(name: string): string {
  return name
    .replace(/(_ms|Ms)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
}

function valueInWords(name: string, value: Details[string]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number' && /(_ms|Ms)$/.test(name)) return duration(value)
  return String(value)
}

function duration(ms: number): string {
  const [amount, unit] = ms >= 60_000 ? [ms / 60_000, 'minute'] : [ms / 1_000, 'second']
  const rounded = Math.round(amount * 10) / 10
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}
