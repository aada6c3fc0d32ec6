// A link within the app. Not fetched ahead: every page is rendered per request, and twenty rows would be twenty requests.
import Link from 'next/link'
import type { ComponentProps } from 'react'

export function PageLink(props: ComponentProps<typeof Link>) {
  return <Link prefetch={false} {...props} />
}
