// RFC 8259, section 4: of an object that has a name twice, one reader takes the first and another the last, so that what was
// checked need not be what is used. Such a body is refused. The text is known to be JSON.

const quote = 0x22
const backslash = 0x5c
const openList = 0x5b
const openObject = 0x7b
const comma = 0x2c

/** Whether any object of the text has a name twice, also one that is written with escapes. */
export function repeatsName(json: string): boolean {
  // The names of each value that is open; undefined for a list.
  const open: (Set<string> | undefined)[] = []
  let nameNext = false
  for (let i = 0; i < json.length; i++) {
    const character = json.charCodeAt(i)
    if (character === quote) {
      const start = i
      for (i++; json.charCodeAt(i) !== quote; i++) if (json.charCodeAt(i) === backslash) i++
      const names = open.at(-1)
      if (nameNext && names) {
        const name = nameOf(json.slice(start, i + 1))
        if (names.has(name)) return true
        names.add(name)
      }
      nameNext = false
    } else if (character === openObject || character === openList) {
      open.push(character === openObject ? new Set() : undefined)
      nameNext = character === openObject
    } else if (character === 0x7d || character === 0x5d) {
      open.pop()
      nameNext = false
    } else if (character === comma) nameNext = open.at(-1) !== undefined
  }
  return false
}

function nameOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
}
