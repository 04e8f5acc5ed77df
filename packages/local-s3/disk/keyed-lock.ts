/** Runs one task at a time per key, in the order of the calls. */
export type KeyedLock = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>

export function createKeyedLock(): KeyedLock {
  const last = new Map<string, Promise<unknown>>()
  return (key, task) => {
    const previous = last.get(key) ?? Promise.resolve()
    const result = previous.then(task, task)
    const settled = result.then(
      () => {},
      () => {},
    )
    last.set(key, settled)
    settled.then(() => {
      if (last.get(key) === settled) last.delete(key)
    })
    return result
  }
}
