// The sheet every mail is written on: readable without styles, in light and dark, without anything remote.
import { createHash } from 'node:crypto'
import { type Html, html, htmlText } from './html.ts'

// No style attributes: the same document can be shown on a page whose policy allows this one sheet by its hash.
// Clients that drop style elements show the plain document, which is whole without them.
const styles = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px; background: #f6f7f9; color: #1a2233; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 600px; margin: 0 auto; padding: 32px; background: #ffffff; border-radius: 12px; overflow-wrap: anywhere; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
p { margin: 0 0 16px; }
a { color: #1d4ed8; }
a.button { display: inline-block; padding: 12px 24px; border-radius: 8px; background: #1d4ed8; color: #ffffff; font-weight: 600; text-decoration: none; }
.quiet { color: #55617a; font-size: 14px; }
.code { font-size: 28px; letter-spacing: 4px; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; margin: 0 0 16px; }
table { border-collapse: collapse; font-size: 14px; }
th, td { padding: 8px 12px; border-bottom: 1px solid #d5dae3; text-align: left; vertical-align: top; overflow-wrap: normal; }
th { vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 480px) { body { padding: 8px; } main { padding: 20px; } }
@media (prefers-color-scheme: dark) {
  body { background: #0f1420; color: #e6eaf2; }
  main { background: #192132; }
  a { color: #8ab4ff; }
  a.button { background: #8ab4ff; color: #0f1420; }
  .quiet { color: #a4afc4; }
  th, td { border-color: #38445c; }
}
`

/** For `style-src` on a page that shows a kept mail: allows its one style sheet and nothing else. */
export const mailStyleSource = `'sha256-${createHash('sha256').update(styles).digest('base64')}'`

/** Text and HTML of one mail. */
export interface RenderedMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export function mailDocument(subject: string, body: Html): string {
  // The style text is ours and constant; escaping would break its selectors.
  const [before = '', after = ''] = htmlText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style></style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`).split('</style>')
  return `${before}${styles}</style>${after}`
}
