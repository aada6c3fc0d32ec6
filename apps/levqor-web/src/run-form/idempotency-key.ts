// One key per form: however often its button is pressed, the server makes one job.

/** 128 random bits. (`crypto.randomUUID` is missing on plain HTTP outside of localhost.) */
export function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
