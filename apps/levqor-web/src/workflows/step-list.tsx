// The steps of a definition in order, as a person would tell them.
import type { DefinitionStep } from './read-definition.ts'

export function StepList({ steps }: { readonly steps: readonly DefinitionStep[] }) {
  return (
    <ol className="relative flex flex-col before:absolute before:top-4 before:bottom-4 before:left-[0.844rem] before:w-px before:bg-line">
      {steps.map((step, index) => (
        <li key={step.id} className="relative flex gap-4 pb-7 last:pb-0">
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full border border-line bg-sheet text-tiny font-semibold text-soft"
          >
            {index + 1}
          </span>
          <div className="min-w-0 grow">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-semibold">{step.id}</span>
              <code className="font-mono text-tiny text-accent">{step.use}</code>
            </p>
            {step.when ? (
              <p className="mt-1 text-small text-soft">
                only when <code className="font-mono text-tiny">{step.when}</code>
              </p>
            ) : null}
            {step.parameters.length > 0 ? (
              <dl className="mt-2 grid gap-x-4 gap-y-1 text-small sm:grid-cols-[7rem_minmax(0,1fr)]">
                {step.parameters.map(([name, text]) => (
                  <div key={name} className="contents">
                    <dt className="text-faint">{name}</dt>
                    <dd className="mb-1 max-h-40 overflow-hidden font-mono text-tiny leading-relaxed whitespace-pre-wrap sm:mb-0">
                      {text}
                    </dd>
                  </div>
                ))}
              </dl>
            ) : null}
          </div>
        </li>
      ))}
    </ol>
  )
}
