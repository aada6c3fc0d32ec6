// What a job of the workflow must and may be given.
import type { InputProperty } from './read-definition.ts'

export function InputProperties({ properties }: { readonly properties: readonly InputProperty[] }) {
  if (properties.length === 0) return <p className="text-small text-faint">Any JSON object.</p>
  return (
    <ul className="flex flex-col gap-3 text-small">
      {properties.map((property) => (
        <li key={property.name}>
          <p className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono text-small font-medium">{property.name}</code>
            <span className="text-faint">
              {property.kind}
              {property.required ? '' : ', optional'}
            </span>
          </p>
          {property.about ? <p className="text-soft">{property.about}</p> : null}
        </li>
      ))}
    </ul>
  )
}
