import { vi } from "vitest"

/**
 * Makes every timer that is set from now on end `times` as early, until `vi.unstubAllGlobals`: for
 * what waits between its attempts, where the test is not about how long.
 */
export function hurry(times: number) {
  const original = globalThis.setTimeout
  const sooner = (done: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    original(done, ms / times, ...args)
  vi.stubGlobal("setTimeout", sooner)
}
