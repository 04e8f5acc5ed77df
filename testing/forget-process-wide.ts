/**
 * Makes the app create its process-wide value of this name (lib/adapters/process-wide.ts) again.
 */
export function forgetProcessWide(name: string): void {
  globalThis.lapseProcessWide?.delete(name)
}

/** Runs `work` with a new value of this name; the earlier one is restored afterwards. */
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
