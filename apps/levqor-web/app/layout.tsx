// The frame of every page. Reading a cookie makes every page dynamic, which the nonce of the content policy needs.
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { Providers } from '../src/shell/providers.tsx'
import '../src/theme/base.css'
import { parseThemeChoice, themeCookie } from '../src/theme/theme-choice.ts'

export const metadata: Metadata = {
  title: { template: '%s · Levqor', default: 'Levqor' },
  description: 'Automations and AI jobs that people can trust.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f1f4ee' },
    { media: '(prefers-color-scheme: dark)', color: '#0b110f' },
  ],
}

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = parseThemeChoice((await cookies()).get(themeCookie)?.value)
  return (
    <html lang="en" {...(theme === 'system' ? {} : { 'data-theme': theme })}>
      <body>
        <Providers theme={theme}>{children}</Providers>
      </body>
    </html>
  )
}
