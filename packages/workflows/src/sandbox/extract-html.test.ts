import { describe, expect, it } from 'vitest'
import { extractHtml, parseSelector, type SelectSpec } from './extract-html.ts'

const page = `<!doctype html><html><head><title> The
  page </title><style>p { color: red }</style></head><body>
  <h1>One</h1><h2>Two <b>bold</b></h2><h2>Three</h2>
  <p>Hello<br>world</p><script>var hidden = 1</script>
  <a href="/a?x=1&amp;y=2">A</a><a href="b">B</a><a href="https://other.example/">C</a><a>none</a>
  <a href="mailto:ada@example.org">mail</a><a href="http://[bad">bad</a>
  <img src="i.png" alt="An image"></body></html>`

const pick = (spec: SelectSpec, baseUrl?: string, html = page) =>
  extractHtml({ html, select: { x: spec }, ...(baseUrl === undefined ? {} : { baseUrl }) }).x

describe('the form of a selector decides the form of its result', () => {
  it.each<[SelectSpec, unknown]>([
    ['title', 'The page'],
    ['h2', 'Two bold'],
    ['h3', null],
    [['h2'], ['Two bold', 'Three']],
    [['h3'], []],
    ['img@alt', ['An image']],
    ['img@nothing', []],
    [{ first: 'img@alt' }, 'An image'],
    [{ first: 'h3@id' }, null],
    [{ all: 'h1, h2' }, ['One', 'Two bold', 'Three']],
    [{ count: 'a' }, 6],
    [{ count: 'a@href' }, 5],
    [{ words: 'h2' }, { total: 3, unique: 3, top: expect.arrayContaining([{ word: 'two', count: 1 }]) }],
    ['p', 'Hello world'],
  ])('%j', (spec, expected) => {
    expect(pick(spec)).toEqual(expected)
  })
})

describe('addresses', () => {
  it('become absolute with a base, and stay as they are where they cannot', () => {
    expect(pick('a@href', 'https://site.example/dir/page.html')).toEqual([
      'https://site.example/a?x=1&y=2',
      'https://site.example/dir/b',
      'https://other.example/',
      'mailto:ada@example.org',
      'http://[bad',
    ])
    expect(pick({ first: 'img@src' }, 'https://site.example/dir/')).toBe('https://site.example/dir/i.png')
  })

  it('stay as they are without a base', () => {
    expect(pick({ first: 'a@href' })).toBe('/a?x=1&y=2')
  })

  it('follow the base that the page names', () => {
    const html = '<base href="/deep/"><a href="x">x</a>'
    expect(pick('a@href', 'https://site.example/', html)).toEqual(['https://site.example/deep/x'])
  })
})

describe('text', () => {
  it('is what a reader sees: no scripts, no styles, blocks apart, white space folded', () => {
    expect(pick('body')).toMatch(/^One Two bold Three Hello world A ?B ?C/)
    expect(pick('body')).not.toMatch(/hidden|color/)
    expect(pick('script')).toBe('var hidden = 1')
  })

  it('counts words of any script, the most frequent first', () => {
    const html = '<p>Åsa är här. Är du där, Åsa? It’s well-known: är.</p>'
    expect(pick({ words: 'body' }, undefined, html)).toEqual({
      total: 10,
      unique: 7,
      top: expect.arrayContaining([
        { word: 'är', count: 3 },
        { word: 'åsa', count: 2 },
        { word: 'well-known', count: 1 },
      ]),
    })
  })

  it('of a fragment without html and body is found in the body', () => {
    expect(pick('body', undefined, 'just text')).toBe('just text')
  })
})

describe('parseSelector', () => {
  it.each([
    ['a@href', { css: 'a', attribute: 'href' }],
    ['a[data-x="me@home"]', { css: 'a[data-x="me@home"]' }],
    ['a[data-x="me@home"]@HREF', { css: 'a[data-x="me@home"]', attribute: 'href' }],
    ['h1', { css: 'h1' }],
  ])('%s', (text, parsed) => {
    expect(parseSelector(text)).toEqual(parsed)
  })
})

it('a selector that cannot be read is named', () => {
  expect(() => pick('a[')).toThrow(expect.objectContaining({ code: 'bad_selector', final: true }))
  expect(() => pick('@href')).toThrow(/"x"/)
})

it('results called like a prototype are plain keys', () => {
  const select = JSON.parse('{"__proto__": "title", "constructor": "h1"}')
  const result = extractHtml({ html: page, select })
  expect(Object.entries(result)).toEqual([
    ['__proto__', 'The page'],
    ['constructor', 'One'],
  ])
})
