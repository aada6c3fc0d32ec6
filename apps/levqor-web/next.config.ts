// Build settings only: headers, policies and addresses are the server's business, which mounts this app.
import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  transpilePackages: ['@levqor/client'],
  // Types are checked by `npm run check` for the whole repository; once is enough.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
}

export default config
