'use client'
// The list of areas; the current one is marked for eyes and for screen readers.
import { usePathname } from 'next/navigation'
import { classNames } from '../ui/class-names.ts'
import { PageLink } from '../ui/page-link.tsx'
import { areaGroups } from './areas.ts'
import { useMe } from './use-me.ts'

export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const path = usePathname()
  const operator = useMe().data?.operator === true
  const groups = areaGroups
    .map(({ name, areas }) => ({ name, areas: areas.filter((area) => !area.operator || operator) }))
    .filter(({ areas }) => areas.length > 0)
  return (
    <nav aria-label="Main" className="flex flex-col gap-6">
      {groups.map((group) => (
        <div key={group.name}>
          <p className="mb-1 px-3 text-tiny font-medium text-faint">{group.name}</p>
          <ul className="flex flex-col gap-0.5">
            {group.areas.map((area) => {
              const current = path === area.href || path.startsWith(`${area.href}/`)
              return (
                <li key={area.href}>
                  <PageLink
                    href={area.href}
                    aria-current={current ? 'page' : undefined}
                    {...(onFollow ? { onClick: onFollow } : {})}
                    className={classNames(
                      'flex h-9 items-center gap-3 rounded-control px-3 font-medium transition-colors',
                      current ? 'bg-sheet text-ink shadow-raised' : 'text-soft hover:bg-hover hover:text-ink',
                    )}
                  >
                    <area.icon
                      aria-hidden
                      className={classNames('size-[1.125rem]', current ? 'text-accent' : 'text-faint')}
                    />
                    {area.name}
                  </PageLink>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </nav>
  )
}
