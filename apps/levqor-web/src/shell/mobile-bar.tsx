'use client'
// The top of narrow screens: the name, and a button that opens the navigation as a drawer.
import { Dialog } from '@base-ui/react/dialog'
import { Menu as MenuIcon, X } from 'lucide-react'
import { useState } from 'react'
import { ThemeToggle } from '../theme/theme-toggle.tsx'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass } from '../ui/dialog-look.ts'
import { Navigation } from './navigation.tsx'
import { UserMenu } from './user-menu.tsx'
import { Wordmark } from './wordmark.tsx'

export function MobileBar() {
  const [open, setOpen] = useState(false)
  return (
    <header className="sticky top-(--shell-top) z-30 flex h-14 items-center justify-between bg-paper pr-2 pl-4 lg:hidden">
      <Wordmark />
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger aria-label="Menu" className={buttonClass('quiet', 'icon')}>
          <MenuIcon aria-hidden className="size-5" />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className={dialogBackdropClass} />
          <Dialog.Popup className="fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col gap-6 overflow-y-auto bg-paper p-4 shadow-floating transition-transform duration-200 data-ending-style:translate-x-full data-starting-style:translate-x-full">
            <div className="flex items-center justify-between">
              <Dialog.Title className="px-3 font-semibold">Menu</Dialog.Title>
              <Dialog.Close aria-label="Close menu" className={buttonClass('quiet', 'icon')}>
                <X aria-hidden className="size-5" />
              </Dialog.Close>
            </div>
            <Navigation onFollow={() => setOpen(false)} />
            <div className="mt-auto flex flex-col gap-4">
              <div className="px-2">
                <ThemeToggle />
              </div>
              <UserMenu />
            </div>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  )
}
