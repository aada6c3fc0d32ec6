// A certificate that this machine makes for itself: X.509 (RFC 5280) by hand, just enough for a TLS server in a test.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

const ed25519 = Buffer.from('300506032b6570', 'hex')
const nobody = Buffer.from('300f310d300b06035504030c0474657374', 'hex') // CN=test

/** A new key and its certificate, PEM, valid for an hour around now. */
export function makeCertificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const body = toBeSigned(publicKey)
  const signature = Buffer.concat([Buffer.from([0]), sign(null, body, privateKey)])
  const der = sequence(0x30, body, ed25519, sequence(0x03, signature))
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
  }
}

function toBeSigned(publicKey: KeyObject): Buffer {
  const time = (ms: number) => {
    const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
    return sequence(0x18, Buffer.from(text))
  }
  const half = 1_800_000
  const validity = sequence(0x30, time(Date.now() - half), time(Date.now() + half))
  const key = publicKey.export({ format: 'der', type: 'spki' })
  return sequence(0x30, sequence(0x02, Buffer.from([1])), ed25519, nobody, validity, nobody, key)
}

/** One DER element, its length up to 65,535. */
function sequence(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}
