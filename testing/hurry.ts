import { vi } from "vitest"

/**
 * Shortens every timer that is set from now on by the factor `times`, until `vi.unstubAllGlobals`:
 * for code that waits between attempts, in tests that do not concern the duration.
 */
export function hurry(times: number) {
  const original = globalThis.setTimeout
  const sooner = (done: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    original(done, ms / times, ...args)
  vi.stubGlobal("setTimeout", sooner)
}
