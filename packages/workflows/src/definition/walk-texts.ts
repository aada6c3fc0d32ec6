// Visits every text of a JSON value together with its pointer.
import { isObject } from '../json.ts'
import { pointerTo } from '../problem.ts'

export interface PlacedText {
  readonly pointer: string
  readonly text: string
}

/** Keys are not visited: they are never templates. */
export function collectTexts(root: unknown, pointer = ''): PlacedText[] {
  if (typeof root === 'string') return [{ pointer, text: root }]
  if (Array.isArray(root)) return root.flatMap((item, index) => collectTexts(item, pointerTo(pointer, index)))
  if (!isObject(root)) return []
  return Object.entries(root).flatMap(([key, item]) => collectTexts(item, pointerTo(pointer, key)))
}
