'use client'
// Short messages that come and go. Base UI reads them out politely.
import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { classNames } from './class-names.ts'

const manager = Toast.createToastManager()

export interface ToastMessage {
  readonly title: string
  readonly text?: string
  readonly tone?: 'good' | 'bad'
}

/** Shows a message for a few seconds; failures stay longer and interrupt a screen reader. */
export function showToast({ title, text, tone = 'good' }: ToastMessage): void {
  const bad = tone === 'bad'
  manager.add({
    title,
    description: text,
    type: tone,
    timeout: bad ? 10_000 : 5_000,
    priority: bad ? 'high' : 'low',
  })
}

export function Toaster() {
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[22rem] max-w-[calc(100vw-2rem)] flex-col gap-2">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => {
    const bad = toast.type === 'bad'
    const Icon = bad ? CircleAlert : CircleCheck
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className="rounded-panel border border-line bg-sheet shadow-floating transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-3 p-3">
          <Icon
            aria-hidden
            className={classNames('mt-0.5 size-5 shrink-0', bad ? 'text-bad' : 'text-good')}
          />
          <div className="min-w-0 grow">
            <Toast.Title className="font-semibold" />
            <Toast.Description className="text-small text-soft" />
          </div>
          <Toast.Close
            aria-label="Dismiss"
            className="grid size-7 shrink-0 place-items-center rounded-control text-faint hover:bg-hover"
          >
            <X aria-hidden className="size-4" />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    )
  })
}
