// Buttons and links that look like them. 40 px high (32 px in rows): above the target size of WCAG 2.2.
import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'
import { PageLink } from './page-link.tsx'

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed aria-disabled:cursor-not-allowed [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        primary:
          'bg-accent text-on-accent hover:bg-accent-strong disabled:bg-idle-wash disabled:text-faint aria-disabled:bg-idle-wash aria-disabled:text-faint',
        plain:
          'border border-edge bg-sheet text-ink hover:bg-hover disabled:border-line disabled:bg-sheet disabled:text-faint aria-disabled:border-line aria-disabled:bg-sheet aria-disabled:text-faint',
        quiet:
          'text-soft hover:bg-hover hover:text-ink disabled:text-faint disabled:hover:bg-transparent aria-disabled:bg-transparent aria-disabled:text-faint',
        danger:
          'border border-bad bg-sheet text-bad hover:bg-bad-wash disabled:border-line disabled:text-faint disabled:hover:bg-sheet aria-disabled:border-line aria-disabled:bg-sheet aria-disabled:text-faint',
      },
      size: {
        usual: 'h-10 px-4 text-base',
        small: 'h-8 px-3 text-small',
        icon: 'size-8 p-0',
      },
    },
    defaultVariants: { tone: 'plain', size: 'usual' },
  },
)

type Look = VariantProps<typeof look>

export function Button({
  tone,
  size,
  className,
  type = 'button',
  ...props
}: ComponentProps<'button'> & Look) {
  return <button type={type} className={classNames(look({ tone, size }), className)} {...props} />
}

export function ButtonLink({ tone, size, className, ...props }: ComponentProps<typeof PageLink> & Look) {
  return <PageLink className={classNames(look({ tone, size }), className)} {...props} />
}

/** The classes alone, for parts of other libraries that are buttons themselves. */
export function buttonClass(
  tone: NonNullable<Look['tone']>,
  size: NonNullable<Look['size']> = 'usual',
): string {
  return look({ tone, size })
}
