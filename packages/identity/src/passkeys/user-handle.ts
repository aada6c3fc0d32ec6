// Under which name an authenticator keeps a passkey: the bytes of the account's id, which say nothing about the person.
export function userHandle(userId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex'))
}
