// Between the first way and the others.
export function Or() {
  return (
    <p className="my-6 flex items-center gap-3 text-small text-faint before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
      or
    </p>
  )
}
