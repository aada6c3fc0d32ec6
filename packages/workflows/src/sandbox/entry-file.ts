// Where a process or thread finds its first file: beside this one, in source and in the built package alike.

/** @param source address of the file's TypeScript source, beside this one */
export function entryFile(source: URL): URL {
  return import.meta.url.endsWith('.ts') ? source : new URL(source.href.replace(/\.ts$/, '.js'))
}
