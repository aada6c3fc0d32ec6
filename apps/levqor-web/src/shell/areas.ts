// The areas of the console, in the order of the navigation.
import {
  Activity,
  ContactRound,
  Inbox,
  KeyRound,
  ListTree,
  type LucideIcon,
  ShieldCheck,
  Undo2,
  UsersRound,
  Workflow,
} from 'lucide-react'

export interface Area {
  readonly href: `/${string}`
  readonly name: string
  readonly icon: LucideIcon
  /** Shown to operators of the installation only. */
  readonly operator?: true
}

export const areaGroups: readonly { readonly name: string; readonly areas: readonly Area[] }[] = [
  {
    name: 'Work',
    areas: [
      { href: '/jobs', name: 'Jobs', icon: ListTree },
      { href: '/workflows', name: 'Workflows', icon: Workflow },
      { href: '/dead-letters', name: 'Dead letters', icon: Undo2 },
    ],
  },
  {
    name: 'Workspace',
    areas: [
      { href: '/members', name: 'Members', icon: UsersRound },
      { href: '/api-keys', name: 'API keys', icon: KeyRound },
    ],
  },
  {
    name: 'Installation',
    areas: [
      { href: '/queue', name: 'Queue', icon: Activity, operator: true },
      { href: '/users', name: 'Users', icon: ContactRound, operator: true },
      { href: '/outbox', name: 'Outbox', icon: Inbox, operator: true },
      { href: '/security', name: 'Security', icon: ShieldCheck, operator: true },
    ],
  },
]
