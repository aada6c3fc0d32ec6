// Waiting, but not for ever.

/**
 * The answer, if it comes in time; otherwise an error, and the answer is ignored when it comes.
 * @throws Error `ETIMEOUT` after `ms` milliseconds without an answer
 */
export async function within<T>(ms: number, answer: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error(`No answer within ${ms} ms.`), { code: 'ETIMEOUT' })),
      ms,
    )
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
