// What a reader sees of an element: no scripts, no styles, words of neighbouring blocks kept apart.

/** The few fields of a parser's node that are needed. */
export interface MarkupNode {
  readonly type: string
  readonly name?: string
  readonly data?: string
  readonly children?: readonly MarkupNode[]
}

const silent: ReadonlySet<string> = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe'])
const inline: ReadonlySet<string> = new Set([
  ...[
    'a',
    'abbr',
    'b',
    'bdi',
    'bdo',
    'cite',
    'code',
    'data',
    'dfn',
    'em',
    'font',
    'i',
    'ins',
    'del',
    'kbd',
    'mark',
  ],
  ...['q', 's', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'u', 'var', 'wbr'],
])

/** Text with white space folded. Walks without recursion: a hostile page may nest a hundred thousand elements. */
export function visibleText(root: MarkupNode): string {
  const parts: string[] = []
  const stack: (MarkupNode | ' ')[] = [...(root.children ?? [])].reverse()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === ' ') parts.push(' ')
    else if (node.type === 'text') parts.push(node.data ?? '')
    else if (node.children && !silent.has(node.name ?? '')) {
      const isBlock = !inline.has(node.name ?? '')
      if (isBlock) {
        parts.push(' ')
        stack.push(' ')
      }
      for (let index = node.children.length - 1; index >= 0; index--) {
        const child = node.children[index]
        if (child) stack.push(child)
      }
    }
  }
  return parts.join('').replace(/\s+/g, ' ').trim()
}
