'use client'
// The chosen theme as state, for whoever shows or changes it.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { applyThemeChoice, type ThemeChoice } from './theme-choice.ts'

interface Theme {
  readonly choice: ThemeChoice
  readonly choose: (choice: ThemeChoice) => void
}

const ThemeContext = createContext<Theme>({ choice: 'system', choose: () => {} })

export function ThemeProvider({
  initial,
  children,
}: {
  readonly initial: ThemeChoice
  readonly children: ReactNode
}) {
  const [choice, setChoice] = useState(initial)
  const theme = useMemo<Theme>(
    () => ({
      choice,
      choose(next) {
        applyThemeChoice(next)
        setChoice(next)
      },
    }),
    [choice],
  )
  return <ThemeContext value={theme}>{children}</ThemeContext>
}

export function useTheme(): Theme {
  return useContext(ThemeContext)
}
