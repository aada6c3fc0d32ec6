// What a benchmark is: contestants that do the same work in turn, and the ratios that are read from them.

/** Figures of one measurement by name, units last (`enqueue_per_second`). */
export type Figures = Readonly<Record<string, number>>

/** One side of a comparison. */
export interface Contestant {
  readonly name: string
  /** Does the work once, from a fresh start or a steady state, and leaves nothing behind but its figures. */
  measure(): Promise<Figures>
}

/**
 * `of` and `to` are `<contestant>.<figure>`; the ratio is taken within each round, the median is the result. Without
 * `to` it is the figure itself, for bounds that hold on any machine.
 */
interface Ratio {
  readonly name: string
  readonly of: string
  readonly to?: string
}

/** A benchmark that is ready to run. */
export interface Plan {
  readonly contestants: readonly Contestant[]
  readonly ratios: readonly Ratio[]
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[]
  /** Stops processes; the folder is removed by the harness. */
  close(): Promise<void>
}

export interface Benchmark {
  readonly name: string
  readonly about: string
  /** @param folder an empty temporary folder */
  prepare(folder: string): Promise<Plan>
}
