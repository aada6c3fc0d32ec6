// Automatic accessibility check of a page (WCAG 2.2, levels A and AA).
import type { Page } from 'playwright-core'

// Colours are judged at rest: a button on its way from one to the other has neither. What never ends is not waited for.
// Text, because it runs in the page, whose types are not known here.
const untilAtRest = `Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect?.getTiming().iterations !== Infinity)
    .map((animation) => animation.finished)
).then(() => null)`

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']

/**
 * One line per violation: rule, impact, the elements. Empty when axe finds nothing; a failed `toEqual([])`
 * then prints what to mend and where.
 *
 * @example expect(await axeViolations(page)).toEqual([])
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(untilAtRest)
  const { AxeBuilder } = await import('@axe-core/playwright')
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  return violations.map((violation) => {
    const places = violation.nodes.map((node) => node.target.join(' ')).join(', ')
    return `${violation.id} (${violation.impact ?? 'unknown'}): ${violation.help} – ${places}`
  })
}
