// Bytes of an answer to text, in the encoding that the sender names.

/** The header counts first; an HTML page may name its encoding in its first kilobyte. Otherwise UTF-8. */
export function decodeBody(body: Uint8Array, contentType: string | undefined): string {
  const fromHeader = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1]
  const isHtml = contentType === undefined || /html/i.test(contentType)
  return decode(body, fromHeader ?? (isHtml ? namedInPage(body) : undefined) ?? 'utf-8')
}

function namedInPage(body: Uint8Array): string | undefined {
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 1_024)).toString('latin1')
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1]
}

function decode(body: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(body)
  } catch {
    // A label nobody knows: UTF-8 reads at least what is plain in it.
    return new TextDecoder().decode(body)
  }
}
