// .env.example, written from the table of variables so that it cannot fall behind.
import { variables } from './variables.ts'

/** The text of `.env.example`. */
export function envExample(): string {
  const head = [
    '# Configuration of Levqor. Everything is optional in development.',
    '# Copy to .env and uncomment what you change. Never commit .env.',
  ]
  const entries = Object.entries(variables).flatMap(([name, { about, example }]) => [
    '',
    `# ${about}`,
    `#${name}=${example}`,
  ])
  return `${[...head, ...entries].join('\n')}\n`
}
