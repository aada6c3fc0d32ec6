'use client'
// Labelled controls. The server's message stands beside the field it is about and is read out with it.
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

export const controlClass =
  'w-full rounded-control border border-edge bg-sheet px-3 text-base text-ink aria-invalid:border-bad disabled:opacity-60'

interface LabelledProps {
  readonly id: string
  readonly label: ReactNode
  readonly help?: ReactNode
  readonly messages?: readonly string[]
  readonly optional?: boolean
  readonly children: ReactNode
}

export function Labelled({ id, label, help, messages = [], optional = false, children }: LabelledProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
        {optional ? <span className="ml-2 text-small font-normal text-faint">optional</span> : null}
      </label>
      {help ? (
        <div id={`${id}-help`} className="text-small text-faint">
          {help}
        </div>
      ) : null}
      {children}
      <Messages id={id} messages={messages} />
    </div>
  )
}

export function Messages({ id, messages }: { readonly id: string; readonly messages: readonly string[] }) {
  if (messages.length === 0) return null
  return (
    <ul id={`${id}-problem`} className="text-small font-medium text-bad">
      {messages.map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  )
}

/** What ties a control to its help and its messages. */
export function describedBy(id: string, help: unknown, messages: readonly string[]) {
  const ids = [help ? `${id}-help` : '', messages.length > 0 ? `${id}-problem` : ''].filter(Boolean)
  return {
    ...(ids.length > 0 ? { 'aria-describedby': ids.join(' ') } : {}),
    ...(messages.length > 0 ? { 'aria-invalid': true as const } : {}),
  }
}

export function TextInput({ className, ...props }: ComponentProps<'input'>) {
  return <input className={classNames(controlClass, 'h-10', className)} {...props} />
}

export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(controlClass, 'min-h-32 py-2', className)} {...props} />
}

export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select className={classNames(controlClass, 'h-10 pr-8', className)} {...props} />
}
