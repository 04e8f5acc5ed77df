/** Runs one task at a time per name, in the order they were asked for. */
export type Serially = <Result>(name: string, task: () => Promise<Result>) => Promise<Result>

export function createSerially(): Serially {
  const last = new Map<string, Promise<unknown>>()
  return (name, task) => {
    const previous = last.get(name) ?? Promise.resolve()
    const result = previous.then(task, task)
    const settled = result.then(
      () => {},
      () => {},
    )
    last.set(name, settled)
    settled.then(() => {
      if (last.get(name) === settled) last.delete(name)
    })
    return result
  }
}
