// Messages about nothing the form shows: better told here than lost.
import type { ValidationProblem } from '@levqor/client'

export function UnplacedProblems({ problems }: { readonly problems: readonly ValidationProblem[] }) {
  if (problems.length === 0) return null
  return (
    <div role="alert" className="rounded-panel bg-bad-wash px-4 py-3">
      <p className="font-semibold">The server did not accept this</p>
      <ul className="mt-1 text-soft">
        {problems.map((problem) => (
          <li key={`${problem.pointer} ${problem.message}`}>
            {problem.pointer ? <code className="mr-2 font-mono text-small">{problem.pointer}</code> : null}
            {problem.message}
          </li>
        ))}
      </ul>
    </div>
  )
}
