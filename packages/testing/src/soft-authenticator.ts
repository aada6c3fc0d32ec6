// An authenticator without a device: makes ES256 passkeys and answers with them in the real format of WebAuthn (Level 3,
// sections 5.8.1, 6.1 and 6.5), and lies wherever a test asks it to.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type Cbor = number | string | Buffer | readonly Cbor[] | Map<number | string, Cbor>

/** What a browser with this authenticator would never say by itself. */
export interface Lies {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly userPresent?: boolean
  readonly userVerified?: boolean
  readonly counter?: number
  /** base64url; null leaves it out. */
  readonly userHandle?: string | null
  readonly credentialId?: string
  readonly attestation?: {
    readonly format: string
    /** Or made of what it has to sign: the authenticator's data and the digest of the client's (section 8.2). */
    readonly statement: Map<string, Cbor> | ((signed: Buffer) => Map<string, Cbor>)
  }
}

interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
}

interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
}

interface Credential {
  readonly id: string
  readonly key: KeyObject
  readonly userHandle: string
}

export interface SoftAuthenticator {
  /** As `navigator.credentials.create()`. The passkey made last answers from then on. */
  create(options: CreationOptions, lies?: Lies): Registration
  /** As `navigator.credentials.get()`. */
  get(options: RequestOptions, lies?: Lies): Assertion
  /** The same passkeys in other hands, from this moment on. */
  copy(): SoftAuthenticator
}

export interface Registration {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports: string[]
  }
}

export interface Assertion {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string
  }
}

export interface SoftAuthenticatorOptions {
  /** Where its browser is. */
  readonly origin: string
  /** A synced passkey says so and counts nothing. */
  readonly synced?: boolean
}

/** @example const { id, response } = softAuthenticator({ origin: 'https://levqor.test' }).create(options) */
export function softAuthenticator(options: SoftAuthenticatorOptions): SoftAuthenticator {
  return authenticator(options, undefined, 0)
}

function authenticator(
  { origin, synced = false }: SoftAuthenticatorOptions,
  held: Credential | undefined,
  used: number,
): SoftAuthenticator {
  let credential = held
  let counter = used

  function authenticatorData(rpId: string, lies: Lies, attested = Buffer.alloc(0)): Buffer {
    if (!synced) counter++
    const flags =
      (lies.userPresent === false ? 0 : 0x01) |
      (lies.userVerified === false ? 0 : 0x04) |
      (synced ? 0x18 : 0) |
      (attested.length > 0 ? 0x40 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lies.counter ?? counter)
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.from([flags]), count, attested])
  }

  function clientData(type: string, challenge: string, lies: Lies): Buffer {
    const { crossOrigin = false } = lies
    const said = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? origin,
      crossOrigin,
    }
    return Buffer.from(JSON.stringify(said))
  }

  return {
    create({ challenge, rp, user }, lies = {}) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const id =
        lies.credentialId === undefined ? randomBytes(32) : Buffer.from(lies.credentialId, 'base64url')
      // COSE (RFC 9053, section 7.1.1): key type EC2, algorithm ES256, curve P-256.
      const cose = new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ])
      const idLength = Buffer.alloc(2)
      idLength.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), idLength, id, encodeCbor(cose)])
      const { format = 'none', statement = new Map() } = lies.attestation ?? {}
      const data = authenticatorData(rp.id, lies, attested)
      const said = clientData('webauthn.create', challenge, lies)
      const attestation = new Map<string, Cbor>([
        ['fmt', format],
        [
          'attStmt',
          typeof statement === 'function' ? statement(Buffer.concat([data, sha256(said)])) : statement,
        ],
        ['authData', data],
      ])
      const text = id.toString('base64url')
      credential = { id: text, key: privateKey, userHandle: user.id }
      return {
        id: text,
        rawId: text,
        type: 'public-key',
        response: {
          clientDataJSON: said.toString('base64url'),
          attestationObject: encodeCbor(attestation).toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    get({ challenge, rpId }, lies = {}) {
      if (!credential) throw new Error('This authenticator holds no passkey yet.')
      const { id, key } = credential
      const data = authenticatorData(rpId, lies)
      const said = clientData('webauthn.get', challenge, lies)
      const signature = sign('sha256', Buffer.concat([data, sha256(said)]), key)
      const userHandle = lies.userHandle === undefined ? credential.userHandle : lies.userHandle
      const shown = lies.credentialId ?? id
      return {
        id: shown,
        rawId: shown,
        type: 'public-key',
        response: {
          clientDataJSON: said.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(userHandle === null ? {} : { userHandle }),
        },
      }
    },
    copy: () => authenticator({ origin, synced }, credential, counter),
  }
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

/** As much of CBOR (RFC 8949) as authenticators speak, in its canonical form. */
function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (!(value instanceof Map)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)])
  const entries = [...value].flatMap(([name, item]) => [encodeCbor(name), encodeCbor(item)])
  return Buffer.concat([head(5, value.size), ...entries])
}

function head(major: number, length: number): Buffer {
  const first = major << 5
  if (length < 24) return Buffer.from([first | length])
  if (length < 256) return Buffer.from([first | 24, length])
  return Buffer.from([first | 25, length >> 8, length & 255])
}
