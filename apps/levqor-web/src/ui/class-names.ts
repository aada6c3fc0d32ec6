// Joins class names; where two Tailwind classes disagree, the later one wins.
import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

// Our type scale has names of its own; without this, `text-small text-soft` would be taken for two colours.
const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['tiny', 'small', 'base', 'lead', 'title', 'display'] }] } },
})

export function classNames(...values: readonly ClassValue[]): string {
  return merge(clsx(values))
}
