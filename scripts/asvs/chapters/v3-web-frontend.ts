// V3 Web front end security.
import { application, kernel, type Requirement } from '../requirement.ts'

const pages = 'It is about what pages do.'
const complete = 'headers/headers.test.ts: are complete on every kind of answer'
const evaluator =
  'headers/headers.test.ts: no finding by CSP Evaluator on any kind of answer, enforced or observed, over any transport'
const nonce =
  'headers/headers.test.ts: pages: nonce and strict-dynamic, nothing inline or evaluated, no base, object or frame'
const accessCookie =
  'tokens/cookies/cookie.test.ts: access: this host alone, never from another site, 900 seconds'
const refreshCookie =
  'tokens/cookies/cookie.test.ts: refresh: its own path alone, 2,592,000 seconds, or what is left of its family'
const foreignPage = 'kernel/create-guard.test.ts: a foreign page cannot use a cookie, whatever it sends'
const probes = 'doctor/active-probes.test.ts: find exactly the fault: %s'

export const v3: readonly Requirement[] = [
  application('V3.1.1', 3, 'What browsers must support is written down.', pages),
  kernel(
    'V3.2.1',
    1,
    'Answers are not taken for something else than they are.',
    [evaluator, complete],
    'Uploads of users belong on an origin of their own.',
  ),
  application('V3.2.2', 1, 'Text is put into pages as text.', pages),
  application('V3.2.3', 3, 'Scripts are not misled by names in the page.', pages),
  kernel('V3.3.1', 1, 'Cookies are Secure and carry a prefix that says so.', [
    accessCookie,
    refreshCookie,
    probes,
  ]),
  kernel('V3.3.2', 2, 'SameSite fits the purpose of each cookie.', [
    accessCookie,
    'tokens/cookies/cookie.test.ts: a session of pages is Lax, so that links from mail arrive signed in',
  ]),
  kernel('V3.3.3', 2, 'Cookies are __Host- unless they are shared on purpose.', [
    accessCookie,
    'tokens/cookies/cookie-tossing.attack.test.ts: what only resembles the name is another cookie: %s',
  ]),
  kernel('V3.3.4', 2, 'Scripts cannot read the session’s cookie.', [accessCookie, refreshCookie, probes]),
  kernel('V3.3.5', 3, 'A cookie fits into 4096 bytes.', [
    'tokens/access/access-tokens.test.ts: with the longest ids of the worst letters still fits',
    'tokens/cookies/cookie.test.ts: the value %j is refused when it is set',
  ]),
  kernel('V3.4.1', 1, 'HSTS for a year, with subdomains from level 2 on.', [
    'headers/headers.test.ts: HSTS only on HTTPS, and only if wanted',
    'headers/headers.test.ts: HSTS asks for preloading only if it lasts long enough for it',
    probes,
  ]),
  kernel('V3.4.2', 1, 'CORS answers listed origins only.', [
    'browser/cross-origin.attack.test.ts: name that page, allow cookies, show their limits and say that they depend on the origin',
    'browser/cross-origin.attack.test.ts: %j leaves no trace in the answer',
    probes,
  ]),
  kernel('V3.4.3', 2, 'A content policy with nonces, without objects and base.', [nonce, evaluator]),
  kernel('V3.4.4', 2, 'nosniff on every answer.', [complete, probes]),
  kernel('V3.4.5', 2, 'Other sites do not learn paths and queries.', [complete, probes]),
  kernel('V3.4.6', 2, 'No answer can be framed unless it is wanted.', [nonce, complete, probes]),
  kernel('V3.4.7', 3, 'Violations of the content policy are reported.', [
    'headers/headers.test.ts: reports go to the endpoint by its name, and by its address for browsers that do not know names',
    'headers/csp-reports.test.ts: become events, in the older and the newer form',
  ]),
  kernel('V3.4.8', 3, 'Pages do not share their window with other sites.', [complete, probes]),
  kernel('V3.5.1', 1, 'Requests that change something come from our own pages.', [
    foreignPage,
    'kernel/create-guard.test.ts: signing in from a foreign page is refused, from a program it is not',
  ]),
  kernel('V3.5.2', 1, 'No request avoids the preflight that should have stopped it.', [
    foreignPage,
    'kernel/create-guard.test.ts: a foreign page cannot hide its cookie behind an invented key',
    'browser/cross-origin.attack.test.ts: allow what the policy lists, never what the question asks for',
  ]),
  kernel(
    'V3.5.3',
    1,
    'Nothing is changed by a safe method.',
    ['browser/check-origin.test.ts: every method but GET, HEAD and OPTIONS may change something'],
    'That no handler of a GET changes anything.',
  ),
  application(
    'V3.5.4',
    2,
    'Applications have host names of their own.',
    'It is about how they are installed.',
  ),
  application('V3.5.5', 2, 'Messages between windows are checked.', pages),
  application('V3.5.6', 3, 'No JSONP.', pages),
  application('V3.5.7', 3, 'No private data in script files.', pages),
  kernel('V3.5.8', 3, 'Other sites cannot load what only the user may see.', [complete, probes]),
  application('V3.6.1', 3, 'Files from other hosts are pinned by a hash.', pages),
  application('V3.7.1', 2, 'No technology that browsers gave up.', pages),
  kernel(
    'V3.7.2',
    2,
    'Redirects lead to known places only.',
    [
      'kernel/transport.attack.test.ts: a redirect of %j never leaves the public origin',
      'kernel/transport.attack.test.ts: the Host header is never asked',
      probes,
    ],
    'Redirects that the application makes.',
  ),
  application('V3.7.3', 3, 'Leaving for another site is announced.', pages),
  application(
    'V3.7.4',
    3,
    'The domain stands in the browsers’ preload list.',
    'The header asks for it; the operator registers the domain.',
  ),
  application('V3.7.5', 3, 'Old browsers are warned or refused.', pages),
]
