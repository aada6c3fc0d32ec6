// The heading of a part of a page.
import type { ReactNode } from 'react'

export function SectionTitle({ children }: { readonly children: ReactNode }) {
  return <h2 className="mb-4 text-lead font-semibold">{children}</h2>
}
