import { describe, expect, it } from 'vitest'
import { requestTraits } from './request-traits.ts'

const chrome = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'sec-ch-ua-platform': '"Windows"',
  'sec-ch-ua-mobile': '?0',
  'accept-language': 'sv-SE,sv;q=0.9,en;q=0.8',
}

describe('the traits of a device', () => {
  it('stay the same when a browser or system updates itself and when the rest of the request differs', () => {
    const same = [
      { ...chrome, 'user-agent': chrome['user-agent'].replace('141.0.0.0', '142.0.7444.60') },
      { ...chrome, 'user-agent': chrome['user-agent'].replace('NT 10.0', 'NT 11.0') },
      { ...chrome, 'accept-language': 'sv-SE' },
      { ...chrome, 'accept-language': 'SV-se, en' },
      { ...chrome, accept: 'application/json', 'accept-encoding': 'br', cookie: 'a=b' },
    ]
    for (const headers of same) expect(requestTraits(headers)).toBe(requestTraits(chrome))
    const iPhone = (version: string) =>
      requestTraits({
        'user-agent': `Mozilla/5.0 (iPhone; CPU iPhone OS ${version} like Mac OS X) AppleWebKit/605.1.15`,
      })
    expect(iPhone('18_6')).toBe(iPhone('19_0_1'))
  })

  it('differ between browsers, systems, kinds and languages', () => {
    const others = [
      { ...chrome, 'user-agent': `${chrome['user-agent']} Edg/141.0.0.0` },
      { ...chrome, 'user-agent': chrome['user-agent'].replace('Windows NT', 'Macintosh; Intel Mac OS X') },
      { ...chrome, 'sec-ch-ua-platform': '"Linux"' },
      { ...chrome, 'sec-ch-ua-mobile': '?1' },
      { ...chrome, 'accept-language': 'de-DE' },
      {},
    ]
    const all = [chrome, ...others].map(requestTraits)
    expect(new Set(all).size).toBe(7)
  })

  it('one header cannot play the part of another', () => {
    expect(requestTraits({ 'sec-ch-ua-platform': 'a', 'sec-ch-ua-mobile': 'b' })).not.toBe(
      requestTraits({ 'sec-ch-ua-platform': 'b', 'sec-ch-ua-mobile': 'a' }),
    )
  })

  it('hostile headers cost a bounded amount of work', () => {
    const start = performance.now()
    const long = '1.'.repeat(500_000)
    expect(
      requestTraits({ 'user-agent': long, 'accept-language': [long, ','.repeat(1_000_000)] }).length,
    ).toBeLessThan(1200)
    expect(performance.now() - start).toBeLessThan(200)
  })
})
