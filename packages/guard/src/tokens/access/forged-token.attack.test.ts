// Every way to forge or bend a token that is known by a name: refused with its own reason, in bounded time, never by an
// exception. Tokens that a stranger could not sign are signed with the real key here, so that the signature is not what
// saves us.
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessTokensForTests, hmacKeys, pair, secretText, signatureKeys, startMs } from '../test-tokens.ts'
import type { AccessVerdict } from './access-tokens.ts'
import { tokenRefusals } from './token-refusals.ts'

const encode = (text: string | Buffer) => Buffer.from(text).toString('base64url')
const hmac = (text: string, key: string | Buffer = secretText) =>
  createHmac('sha256', key).update(text).digest()
const reasonOf = (verdict: AccessVerdict) => (verdict.valid ? 'valid' : verdict.reason)

const seconds = startMs / 1000
const claims = {
  iss: 'https://app.example',
  aud: 'https://api.example',
  sub: 'user_1',
  sid: 'session_1',
  jti: 'token_1',
  iat: seconds,
  nbf: seconds,
  exp: seconds + 900,
}
const header = { alg: 'HS256', typ: 'at+jwt', kid: 'key-1' }

/** A token of any header and payload with a signature that holds. */
function signed(head: unknown, payload: unknown, key: string | Buffer = secretText): string {
  const text = (part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part))
  const input = `${encode(text(head))}.${encode(text(payload))}`
  return `${input}.${hmac(input, key).toString('base64url')}`
}

async function judge(token: string): Promise<string> {
  const { accessTokens } = await accessTokensForTests()
  const reason = reasonOf(await accessTokens.verify(token))
  // The same again: what is refused is not remembered as anything.
  expect(reasonOf(await accessTokens.verify(token))).toBe(reason)
  return reason
}

it('the forger’s tools make tokens that hold when nothing is bent', async () => {
  expect(await judge(signed(header, claims))).toBe('valid')
})

describe('the algorithm', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', ''])(
    '%j is refused, with and without a signature',
    async (alg) => {
      const head = encode(JSON.stringify({ alg, typ: 'at+jwt', kid: 'key-1' }))
      const payload = encode(JSON.stringify(claims))
      expect(await judge(`${head}.${payload}.`)).toBe('header_algorithm')
      expect(await judge(signed({ ...header, alg }, claims))).toBe('header_algorithm')
    },
  )

  it.each(['HS384', 'HS512', 'RS256', 'ES256', 'EdDSA', 'hs256', 'HS256 '])(
    '%s is not chosen by a token',
    async (alg) => {
      expect(await judge(signed({ ...header, alg }, claims))).toBe('header_algorithm')
    },
  )

  it('is missing, or is no text', async () => {
    expect(await judge(signed({ typ: 'at+jwt', kid: 'key-1' }, claims))).toBe('header_algorithm')
    expect(await judge(signed({ ...header, alg: 1 }, claims))).toBe('header_algorithm')
    expect(await judge(signed({ ...header, alg: ['HS256'] }, claims))).toBe('header_json')
    expect(await judge(signed({ ...header, alg: null }, claims))).toBe('header_json')
  })

  it('algorithm confusion: HS256 with the public key as its secret, in every spelling of that key', async () => {
    const { accessTokens } = await accessTokensForTests({ keys: signatureKeys })
    const spellings = [
      pair.publicKey.export({ type: 'spki', format: 'pem' }),
      pair.publicKey.export({ type: 'spki', format: 'der' }),
      Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
      JSON.stringify(pair.publicKey.export({ format: 'jwk' })),
    ]
    for (const key of spellings) {
      expect(reasonOf(await accessTokens.verify(signed(header, claims, key)))).toBe('header_algorithm')
      const pinned = signed({ ...header, alg: 'EdDSA' }, claims, key)
      expect(reasonOf(await accessTokens.verify(pinned))).toBe('signature_wrong')
    }
  })
})

describe('a key that the token brings along', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' })

  it.each([
    ['jwk', jwk],
    ['jku', 'https://attacker.example/keys.json'],
    ['x5u', 'https://attacker.example/chain.pem'],
    ['x5c', ['MIIB']],
    ['x5t', 'dGh1bWI'],
    ['x5t#S256', 'dGh1bWI'],
    ['crit', ['exp']],
    ['b64', false],
    ['zip', 'DEF'],
    ['cty', 'JWT'],
    ['enc', 'A256GCM'],
    ['__proto__', 'x'],
  ])('%s is refused, signed by the attacker or by us', async (name, value) => {
    const { accessTokens } = await accessTokensForTests({ keys: signatureKeys })
    const text = `{"alg":"EdDSA","typ":"at+jwt","kid":"key-1",${JSON.stringify(name)}:${JSON.stringify(value)}}`
    const input = `${encode(text)}.${encode(JSON.stringify(claims))}`
    for (const key of [privateKey, pair.privateKey]) {
      const token = `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
      expect(reasonOf(await accessTokens.verify(token))).toBe('header_member')
    }
  })

  it('its private key signs nothing here', async () => {
    const { accessTokens } = await accessTokensForTests({ keys: signatureKeys })
    const input = `${encode(JSON.stringify({ ...header, alg: 'EdDSA' }))}.${encode(JSON.stringify(claims))}`
    const token = `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
    expect(createPublicKey(privateKey).asymmetricKeyType).toBe('ed25519')
    expect(reasonOf(await accessTokens.verify(token))).toBe('signature_wrong')
  })
})

describe('kid', () => {
  it.each([
    '../../../../dev/null',
    '/etc/passwd',
    'key-1/../key-1',
    "key-1' OR '1'='1",
    'key-1\u0000',
    'key-1 ',
    '',
    'k'.repeat(65),
    '$(id)',
  ])('traversal, injection, odd letters: %j', async (kid) => {
    expect(await judge(signed({ ...header, kid }, claims))).toBe('key_form')
  })

  it.each(['key-2', 'KEY-1', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'unknown: %s',
    async (kid) => {
      expect(await judge(signed({ ...header, kid }, claims))).toBe('key_unknown')
    },
  )

  it('missing, or a number', async () => {
    expect(await judge(signed({ alg: 'HS256', typ: 'at+jwt' }, claims))).toBe('key_form')
    expect(await judge(signed({ ...header, kid: 1 }, claims))).toBe('key_form')
  })
})

describe('the type', () => {
  it.each(['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', ''])(
    '%j is none of an access token',
    async (typ) => {
      expect(await judge(signed({ ...header, typ }, claims))).toBe('header_type')
    },
  )
})

describe('the signature', () => {
  const [head, payload, signature = ''] = signed(header, claims).split('.')
  const input = `${head}.${payload}`

  it('blank', async () => {
    expect(await judge(`${input}.`)).toBe('signature_missing')
  })

  it.each([
    ['zero bytes', Buffer.alloc(32)],
    ['all bits set', Buffer.alloc(32, 255)],
    ['one byte', Buffer.alloc(1)],
    ['one byte short', hmac(input).subarray(0, 31)],
    ['one byte long', Buffer.concat([hmac(input), Buffer.alloc(1)])],
    ['the word null', Buffer.from('null')],
    ['of another key', hmac(input, 'another')],
    ['of an empty key', hmac(input, '')],
    ['of the payload alone', hmac(payload ?? '')],
  ])('null or wrong: %s', async (_, bytes) => {
    expect(await judge(`${input}.${encode(bytes)}`)).toBe('signature_wrong')
  })

  it.each(['null', 'undefined', 'true', '0', 'AA'])('the text %s', async (text) => {
    expect(['signature_wrong', 'token_encoding']).toContain(await judge(`${input}.${text}`))
  })

  it('EdDSA: zero bytes, of the low-order point and of another length', async () => {
    const { accessTokens } = await accessTokensForTests({ keys: signatureKeys })
    const eddsa = `${encode(JSON.stringify({ ...header, alg: 'EdDSA' }))}.${payload}`
    const lowOrder = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)])
    for (const bytes of [Buffer.alloc(64), lowOrder, Buffer.alloc(63), Buffer.alloc(32)]) {
      expect(reasonOf(await accessTokens.verify(`${eddsa}.${encode(bytes)}`))).toBe('signature_wrong')
    }
  })

  it('of one token on the claims of another, after the first was remembered', async () => {
    const { accessTokens } = await accessTokensForTests()
    const token = signed(header, claims)
    expect(reasonOf(await accessTokens.verify(token))).toBe('valid')
    const theirs = encode(JSON.stringify({ ...claims, sub: 'admin_1' }))
    expect(reasonOf(await accessTokens.verify(`${head}.${theirs}.${signature}`))).toBe('signature_wrong')
    expect(reasonOf(await accessTokens.verify(token))).toBe('valid')
  })
})

describe('another spelling of the same token', () => {
  const token = signed(header, claims)
  const [head = '', payload = '', signature = ''] = token.split('.')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

  it('non-canonical base64url: stray trailing bits that decoders ignore', async () => {
    const last = alphabet.indexOf(signature.at(-1) ?? '')
    // 32 bytes leave two of the last letter's six bits unused.
    for (const bits of [1, 2, 3]) {
      const bent = signature.slice(0, -1) + alphabet[last | bits]
      expect(Buffer.from(bent, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
      expect(await judge(`${head}.${payload}.${bent}`)).toBe('token_encoding')
    }
  })

  it.each([
    ['padding on the signature', `${token}=`],
    ['padding on the header', `${head}=.${payload}.${signature}`],
    ['standard base64 letters', `${head}.${payload}.${signature.slice(0, 20)}+/${signature.slice(22)}`],
    ['a space in front', ` ${token}`],
    ['a space at the end', `${token} `],
    ['a space within', `${head}. ${payload}.${signature}`],
    ['a tab', `${head}.${payload}.\t${signature}`],
    ['a line feed', `${token}\n`],
    ['a line feed within', `${head}.${payload}.${signature.slice(0, 10)}\n${signature.slice(10)}`],
    ['a NUL', `${token}\u0000`],
    ['an escaped letter', `${head}.${payload}.%41${signature.slice(1)}`],
    ['a letter that only looks right', `${head}.${payload}.${signature.slice(0, -1)}А`],
  ])('%s', async (_, bent) => {
    expect(await judge(bent)).toBe('token_encoding')
  })

  it('signed spellings that are not canonical are refused for what they are', async () => {
    const input = `${head}=.${payload}`
    expect(await judge(`${input}.${encode(hmac(input))}`)).toBe('token_encoding')
    const spaced = `${head}.${payload} `
    expect(await judge(`${spaced}.${encode(hmac(spaced))}`)).toBe('token_encoding')
  })

  it('property: any single changed, added or missing letter of a token fails', async () => {
    for (const keys of [hmacKeys, signatureKeys]) {
      const { accessTokens } = await accessTokensForTests({ keys })
      const good = await accessTokens.issue({ sub: 'user_1', sid: 'session_1' })
      expect(reasonOf(await accessTokens.verify(good))).toBe('valid')
      const letter = fc.constantFrom(...alphabet, '.', '=', '+', '/', ' ', '\u0000', 'é')
      const bent = fc
        .tuple(fc.nat(good.length - 1), letter, fc.constantFrom('change', 'add', 'drop'))
        .map(([at, by, how]) => {
          if (how === 'add') return good.slice(0, at) + by + good.slice(at)
          return good.slice(0, at) + (how === 'change' ? by : '') + good.slice(at + 1)
        })
        .filter((text) => text !== good)
      await fc.assert(
        fc.asyncProperty(bent, async (text) => {
          const verdict = await accessTokens.verify(text)
          expect(verdict.valid).toBe(false)
        }),
        { numRuns: 1500, seed: 20_261_121 },
      )
    }
  })
})

describe('the shape', () => {
  it.each(['', '.', '..', '...', 'a', 'a.b', 'a.b.c.d', 'a..c', '.b.c', 'a.b.c.', '\u{1F600}'])(
    'not three segments: %j',
    async (text) => {
      expect(await judge(text)).toBe('token_segments')
    },
  )

  it('oversize: one letter above the cap is not even taken apart, a megabyte costs no more', async () => {
    expect(await judge('a'.repeat(4096))).toBe('token_segments')
    expect(await judge('a'.repeat(4097))).toBe('token_too_long')
    expect(await judge(`${'a.'.repeat(500_000)}a`)).toBe('token_too_long')
    expect(await judge(signed(header, { ...claims, sub: 'u'.repeat(5000) }))).toBe('token_too_long')
  })

  it.each(['nonsense', '{', '[]', '"text"', '1', 'null', 'true', '', '{"alg":"HS256"', 'ÿþ'])(
    'a header that is no JSON object: %j',
    async (text) => {
      const expected = text === '' ? 'token_segments' : 'header_json'
      expect(await judge(signed(text, claims))).toBe(expected)
    },
  )

  it.each(['nonsense', '{', '[]', '"text"', '1', 'null', 'true', '{"sub":"x"', '{"sub":"x",}'])(
    'claims that are no JSON object: %j',
    async (text) => {
      expect(await judge(signed(header, text))).toBe('claims_json')
    },
  )

  it('bytes that are no UTF-8', async () => {
    const payload = Buffer.concat([
      Buffer.from('{"sub":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]).toString('base64url')
    const input = `${encode(JSON.stringify(header))}.${payload}`
    expect(await judge(`${input}.${encode(hmac(input))}`)).toBe('claims_json')
  })

  it('nested JSON bombs', async () => {
    const deep = '['.repeat(1400)
    expect(await judge(signed(header, deep + ']'.repeat(1400)))).toBe('claims_json')
    expect(await judge(signed(header, `{"a":${deep}${']'.repeat(1400)}}`))).toBe('claims_nested')
    expect(await judge(signed(header, `${'{"a":'.repeat(480)}1${'}'.repeat(480)}`))).toBe('claims_nested')
    expect(await judge(signed(`{"alg":${deep}${']'.repeat(1400)}}`, 'x'))).toBe('header_json')
  })
})

describe('duplicate claims, of which parsers take one or the other', () => {
  const text = JSON.stringify(claims)

  it.each([
    ['the account', `${text.slice(0, -1)},"sub":"admin_1"}`],
    ['the account, first', `{"sub":"admin_1",${text.slice(1)}`],
    ['an equal value', `${text.slice(0, -1)},"sub":"user_1"}`],
    ['in another spelling', `${text.slice(0, -1)},"s\\u0075b":"admin_1"}`],
    ['the end', `${text.slice(0, -1)},"exp":9999999999}`],
    ['a claim that nobody reads', `${text.slice(0, -1)},"x":1,"x":1}`],
    ['with a colon in a value', `${text.slice(0, -1)},"x":"\\":","x":"a:b"}`],
  ])('%s', async (_, payload) => {
    expect(await judge(signed(header, payload))).toBe('claims_duplicate')
  })

  it('in the header', async () => {
    const twice = '{"alg":"none","typ":"at+jwt","kid":"key-1","alg":"HS256"}'
    expect(await judge(signed(twice, claims))).toBe('header_duplicate')
  })

  it.each([
    ['spaces', text.replaceAll(':', ': ')],
    ['an escaped letter', text.replace('"sub"', '"s\\u0075b"')],
    ['a number in another form', text.replace(/"exp":\d+/, '"exp":18e8')],
    ['a text after the object', `${text} `],
    ['a byte order mark', `\uFEFF${text}`],
  ])('and only the shortest form is one: %s', async (_, payload) => {
    expect(await judge(signed(header, payload))).toBe('claims_json')
  })
})

describe('claims', () => {
  it.each([
    ['iss', 'https://app.example.attacker.example', 'issuer_wrong'],
    ['iss', 'https://app.example/', 'issuer_wrong'],
    ['iss', 'HTTPS://APP.EXAMPLE', 'issuer_wrong'],
    ['aud', 'https://other.example', 'audience_wrong'],
    ['aud', 'https://api.example ', 'claim_form'],
    ['aud', ['https://api.example'], 'claims_nested'],
    ['exp', seconds, 'expired'],
    ['exp', seconds - 1, 'expired'],
    ['exp', 1, 'expired'],
    ['nbf', seconds + 6, 'not_yet_valid'],
    ['nbf', seconds + 5.001, 'not_yet_valid'],
    ['iat', seconds + 6, 'issued_in_future'],
    ['iat', seconds + 5.001, 'issued_in_future'],
    ['exp', String(seconds + 900), 'claim_form'],
    ['exp', 0, 'claim_form'],
    ['exp', -1, 'claim_form'],
    ['exp', 1e300, 'claim_form'],
    ['nbf', '0', 'claim_form'],
    ['iat', 'now', 'claim_form'],
    ['sub', '', 'claim_form'],
    ['sub', 1, 'claim_form'],
    ['sub', 'u'.repeat(257), 'claim_form'],
    ['sid', '', 'claim_form'],
    ['jti', '', 'claim_form'],
    ['sub', null, 'claims_nested'],
    ['sub', true, 'claims_nested'],
    ['sub', { id: 'user_1' }, 'claims_nested'],
  ])('wrong %s: %j', async (name, value, reason) => {
    expect(await judge(signed(header, { ...claims, [name]: value }))).toBe(reason)
  })

  it.each(Object.keys(claims))('missing %s', async (name) => {
    const { [name as keyof typeof claims]: _, ...rest } = claims
    expect(await judge(signed(header, rest))).toBe('claim_form')
  })

  it('inherited from nowhere: a claim called __proto__ gives none', async () => {
    const payload = `{"__proto__":"x",${JSON.stringify(claims).slice(1)}`
    const { accessTokens } = await accessTokensForTests()
    const verdict = await accessTokens.verify(signed(header, payload))
    expect(verdict).toEqual({ valid: true, claims })
  })

  it('edges of the tolerance: five seconds ahead still hold', async () => {
    expect(await judge(signed(header, { ...claims, nbf: seconds + 5, iat: seconds + 5 }))).toBe('valid')
    expect(await judge(signed(header, { ...claims, exp: seconds + 0.001 }))).toBe('valid')
  })
})

it('nothing that anybody sends throws', async () => {
  const { accessTokens } = await accessTokensForTests()
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.json().map(encode),
    fc.constant(encode(JSON.stringify(header))),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
      const verdict = await accessTokens.verify(parts.join('.'))
      expect(verdict.valid).toBe(false)
      expect(Object.keys(tokenRefusals)).toContain(reasonOf(verdict))
    }),
    { numRuns: 300, seed: 7 },
  )
})
