// The names of the tests in a file, read from its source: what runs in CI need not run again to be named.
import { readFileSync } from 'node:fs'

/** Names in the order of the file. Skipped tests have no name: they prove nothing. */
export function testNamesIn(path: string): readonly string[] {
  const source = readFileSync(path, 'utf8')
  return path.endsWith('-cases.ts') ? caseNamesIn(source) : namesIn(source)
}

/** The tests of a source text. */
export function namesIn(source: string): readonly string[] {
  const names: string[] = []
  for (const call of source.matchAll(/(?<![\w.$])(?:it|test)\b/g)) {
    // A test in a comment proves nothing.
    const line = source.slice(source.lastIndexOf('\n', call.index) + 1, call.index)
    if (/^\s*(\/\/|\*)|\/\/ [^'"`]*$/.test(line)) continue
    const name = readCall(source, call.index + call[0].length)
    if (name !== undefined) names.push(name)
  }
  return names
}

/** The cases of a suite that several drivers pass: a sentence, and the function that proves it. */
function caseNamesIn(source: string): readonly string[] {
  const sentence = /(['"`])((?:(?!\1)[^\\\n]|\\.)* (?:(?!\1)[^\\\n]|\\.)*)\1\s*[,:]\s*(?:async )?\(/g
  return [...source.matchAll(sentence)].map((match) => unescapeQuotes(match[2] ?? ''))
}

/** From behind `it`: `.each(…)`, `.skipIf(…)` and their like, then `('name'`. */
function readCall(source: string, start: number): string | undefined {
  let at = start
  for (;;) {
    const link = /^\s*\.\s*(\w+)/.exec(source.slice(at, at + 64))
    if (link === null) break
    if (link[1] === 'skip') return undefined
    at += link[0].length
    const generic = /^<[\s\S]*?>(?=\()/.exec(source.slice(at, at + 400))
    if (generic !== null) at += generic[0].length
    if (link[1] !== 'concurrent' && source[at] === '(') at = closing(source, at) + 1
  }
  const literal = /^\s*\(\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/.exec(source.slice(at))
  return literal === null ? undefined : unescapeQuotes(literal[2] ?? '')
}

/** Where the bracket that opens at `open` closes; strings and comments are stepped over. */
function closing(source: string, open: number): number {
  const token =
    /(['"`])(?:(?!\1)[^\\]|\\.)*\1|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*(?=[\s,).\]}])|[()]/g
  token.lastIndex = open
  let depth = 0
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    if (match[0] === '(') depth++
    else if (match[0] === ')' && --depth === 0) return match.index
  }
  return source.length
}

function unescapeQuotes(text: string): string {
  return text.replaceAll(/\\(['"`\\])/g, '$1')
}
