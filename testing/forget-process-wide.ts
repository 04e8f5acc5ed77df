/** Has the app make its value of this name (lib/process-wide.ts) anew. */
export function forgetProcessWide(name: string): void {
  globalThis.lapseProcessWide?.delete(name)
}

/** Runs `work` while the app has another value of this name; the one from before is back afterwards. */
export async function withFresh<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const values = globalThis.lapseProcessWide
  const [isThere, before] = [values?.has(name), values?.get(name)]
  forgetProcessWide(name)
  try {
    return await work()
  } finally {
    forgetProcessWide(name)
    if (isThere) values?.set(name, before)
  }
}
