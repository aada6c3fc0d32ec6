// How a program shows who it is, with lines to paste: first on the reference page, because everything else needs it.
import { type Html, html } from './html.ts'
import { get } from './schema-rows.ts'

/** @param document the OpenAPI document; signing in with a password is told only where that is possible */
export function signingIn(document: unknown): Html {
  const url = serverOf(document)
  const paths = get(document, 'paths')
  return html`<section aria-labelledby="signing-in"><h2 id="signing-in">How a program signs in</h2>
<p>With an API key, in <code>Authorization: Bearer</code> or <code>X-Api-Key</code>. Keys are made in the console, and the first
one by the first start. What a key may do, its scopes say; each route names the one it needs.</p>
${example(`KEY=lvk_live_…   # yours
curl ${url}/api/v1/jobs -H "Authorization: Bearer $KEY"`)}
${get(paths, '/api/auth/login') === undefined ? html`` : asPerson(url)}
</section>
`
}

function asPerson(url: string): Html {
  return html`<p>Or as a person, with a password: <code>"transport": "bearer"</code> asks for tokens instead of the cookie that pages
use. The access token holds for minutes, the refresh token until it is used: renewing gives two new ones.</p>
${example(`EMAIL=ada@example.com PASSWORD='…'   # yours
curl ${url}/api/auth/login -H "Content-Type: application/json" \\
  -d "{\\"email\\": \\"$EMAIL\\", \\"password\\": \\"$PASSWORD\\", \\"transport\\": \\"bearer\\"}"

ACCESS=…   # access_token of the answer
curl ${url}/api/auth/me -H "Authorization: Bearer $ACCESS"

REFRESH=…  # refresh_token of the answer
curl ${url}/api/auth/refresh -H "Content-Type: application/json" \\
  -d "{\\"refresh_token\\": \\"$REFRESH\\"}"`)}
<p>An account with two-step sign-in answers <code>second_factor</code> first: send its <code>first_factor</code> with the code to
<a href="#auth.second-factor.verify"><code>/api/auth/second-factor</code></a>, and the tokens come from there.</p>`
}

function example(lines: string): Html {
  return html`<pre class="wide" tabindex="0"><code>${lines}</code></pre>
`
}

function serverOf(document: unknown): string {
  const servers = get(document, 'servers')
  const url = Array.isArray(servers) ? get(servers[0], 'url') : undefined
  return typeof url === 'string' ? url : ''
}
