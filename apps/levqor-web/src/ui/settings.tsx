// The anatomy of settings: groups of sections; in each what it is, one sentence, rows or a form, and what can be done last.
import type { ReactNode } from 'react'

interface SettingsGroupProps {
  readonly title: string
  readonly children: ReactNode
}

export function SettingsGroup({ title, children }: SettingsGroupProps) {
  return (
    <section className="mb-12">
      <h2 className="mb-5 text-title font-semibold">{title}</h2>
      {children}
    </section>
  )
}

interface SettingsSectionProps {
  readonly title: string
  readonly about: ReactNode
  readonly children: ReactNode
}

export function SettingsSection({ title, about, children }: SettingsSectionProps) {
  return (
    <section className="grid gap-x-12 gap-y-5 border-t border-line py-7 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <div>
        <h3 className="text-lead font-semibold">{title}</h3>
        <p className="mt-1 max-w-[60ch] wrap-anywhere text-soft">{about}</p>
      </div>
      <div className="max-w-2xl min-w-0">{children}</div>
    </section>
  )
}

export function SettingsActions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap gap-2 first:mt-0">{children}</div>
}

interface SettingsRowsProps {
  readonly label: string
  readonly children: ReactNode
}

export function SettingsRows({ label, children }: SettingsRowsProps) {
  return (
    <ul aria-label={label} className="lg:-mt-3.5">
      {children}
    </ul>
  )
}

interface SettingsRowProps {
  readonly icon?: ReactNode
  /** A name, or the field in which it is changed. */
  readonly title: ReactNode
  readonly facts: readonly ReactNode[]
  readonly actions?: ReactNode
  /** Dialogs of the row. */
  readonly children?: ReactNode
}

export function SettingsRow({ icon, title, facts, actions, children }: SettingsRowProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line py-3.5">
      <div className="flex min-w-0 grow basis-60 gap-3 [&>svg]:mt-1 [&>svg]:size-4 [&>svg]:shrink-0">
        {icon}
        <div className="min-w-0 grow">
          {title}
          <p className="mt-0.5 flex flex-wrap gap-x-4 text-small text-faint">{facts}</p>
        </div>
      </div>
      {actions ? <div className="flex gap-2">{actions}</div> : null}
      {children}
    </li>
  )
}
