// A page with a known digest.
import { httpFixture } from '@levqor/testing'

export const samplePage = `<!doctype html><html lang="en"><head><title>A sample</title></head><body>
<h1>First heading</h1><p>Four words stand here.</p><h2>Second heading</h2>
<p><a href="/inside">Inside</a> <a href="https://example.com/">Outside</a></p></body></html>`

/** A local site that counts its hits and answers every address with {@link samplePage}. */
export function sampleSite() {
  return httpFixture(() => ({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: samplePage }))
}
