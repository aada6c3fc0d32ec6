'use client'
// Light, dark, or as the system says: three radio buttons drawn as one control.
import { Monitor, Moon, Sun } from 'lucide-react'
import { useId } from 'react'
import { themeChoices } from './theme-choice.ts'
import { useTheme } from './theme-provider.tsx'

const looks = {
  system: { name: 'Follow the system', icon: Monitor },
  light: { name: 'Light', icon: Sun },
  dark: { name: 'Dark', icon: Moon },
} as const

export function ThemeToggle() {
  const { choice, choose } = useTheme()
  const group = useId()
  return (
    <fieldset className="flex w-fit rounded-control border border-line p-0.5">
      <legend className="sr-only">Colour theme</legend>
      {themeChoices.map((option) => {
        const look = looks[option]
        return (
          <label
            key={option}
            title={look.name}
            className="grid size-7 cursor-pointer place-items-center rounded-tag text-faint hover:text-ink has-checked:bg-hover has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={group}
              className="sr-only"
              checked={choice === option}
              onChange={() => choose(option)}
            />
            <look.icon aria-hidden className="size-4" />
            <span className="sr-only">{look.name}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
