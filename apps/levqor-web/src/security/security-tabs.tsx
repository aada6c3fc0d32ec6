'use client'
// The two sides of the area: what happened, and who is locked out.
import { usePathname } from 'next/navigation'
import { classNames } from '../ui/class-names.ts'
import { PageLink } from '../ui/page-link.tsx'

const tabs = [
  { href: '/security', name: 'Events' },
  { href: '/security/lockouts', name: 'Lockouts' },
] as const

export function SecurityTabs() {
  const path = usePathname()
  return (
    <nav aria-label="Security" className="mb-6 flex gap-6 border-b border-line">
      {tabs.map(({ href, name }) => {
        const current = path === href
        return (
          <PageLink
            key={href}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={classNames(
              '-mb-px border-b-2 px-0.5 pb-2.5 font-medium',
              current ? 'border-accent text-ink' : 'border-transparent text-soft hover:text-ink',
            )}
          >
            {name}
          </PageLink>
        )
      })}
    </nav>
  )
}
