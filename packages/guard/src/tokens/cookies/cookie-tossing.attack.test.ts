import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCookie } from './cookie-header.ts'

const name = '__Host-access'
const found = (value: string) => ({ outcome: 'found', value })
const refused = (cause: string) => ({ outcome: 'refused', cause })

describe('cookie tossing', () => {
  it.each([
    `${name}=attacker; ${name}=owner`,
    `${name}=owner; ${name}=attacker`,
    `${name}=owner;${name}=owner`,
    `a=b; ${name}=owner; c=d;   ${name} =attacker`,
    `${name}=; ${name}=owner`,
    `\t${name}=attacker;${name}=owner`,
  ])('two of one name are believed neither: %s', (header) => {
    expect(readCookie(header, name)).toEqual(refused('cookie_twice'))
  })

  it('nor when they come in two fields', () => {
    expect(readCookie([`${name}=attacker`, `a=b; ${name}=owner`], name)).toEqual(refused('cookie_twice'))
  })

  it.each([
    [`${name.toLowerCase()}=attacker; ${name}=owner`, 'owner'],
    [`x${name}=attacker; ${name}=owner`, 'owner'],
    [`${name}x=attacker; ${name}=owner`, 'owner'],
    [`=${name}=attacker; ${name}=owner`, 'owner'],
    [`a=${name}=attacker; ${name}=owner`, 'owner'],
    [`${name}; ${name}=owner`, 'owner'],
    [`;;; ;=; ${name}=owner;`, 'owner'],
  ])('what only resembles the name is another cookie: %s', (header, value) => {
    expect(readCookie(header, name)).toEqual(found(value))
  })

  it.each([[undefined], [''], [[]], [';'], [name], [`=${name}=nameless`], [`a=b; c=${name}`]])(
    'and there is none in %j',
    (header) => {
      expect(readCookie(header, name)).toEqual({ outcome: 'missing' })
    },
  )
})

describe('a hostile Cookie field', () => {
  it.each(['', '"quoted"', 'a b', 'a,b', 'a=b', '%41', 'é', '\u0000', 'a'.repeat(4097)])(
    'the value %j is none of ours',
    (value) => {
      expect(readCookie(`${name}=${value}`, name)).toEqual(refused('cookie_form'))
    },
  )

  it('is read to its cap and not beyond', () => {
    const ours = `${name}=owner`
    const filler = (length: number) => `${'a'.repeat(length - ours.length - 1)};${ours}`
    expect(readCookie(filler(32_768), name)).toEqual(found('owner'))
    expect(readCookie(filler(32_769), name)).toEqual(refused('cookie_header_long'))
  })

  it('costs time in proportion to its length, whatever it is made of', () => {
    for (const unit of [';', '=', '; ', 'a=b;', `${name};`, ' ', `${name}=a;`]) {
      const started = performance.now()
      for (let i = 0; i < 5; i++) readCookie(unit.repeat(32_768 / unit.length), name)
      expect(performance.now() - started).toBeLessThan(500)
    }
  })

  it('property: never throws, and finds what stands there once', () => {
    const other = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll(';', ''))
    fc.assert(
      fc.property(fc.array(other, { maxLength: 8 }), fc.nat(8), (others, at) => {
        fc.pre(others.every((text) => text.split('=')[0]?.trim() !== name))
        const pairs = [...others.slice(0, at), `${name}=a.b-c_d`, ...others.slice(at)]
        expect(readCookie(pairs.join(';'), name)).toEqual(found('a.b-c_d'))
      }),
      { numRuns: 200, seed: 11 },
    )
  })
})
