import { expect } from "vitest"
import { Refusal, type RefusalCode } from "#lib/adapters/errors.ts"

/** The properties of a refusal, or asymmetric matchers of them. */
type Details = Partial<Record<"message" | "field" | "retryAfterSeconds", unknown>>

declare module "vitest" {
  interface Matchers<R> {
    /** Whether the value, or what `rejects` gives, is a Refusal with this code and these details. */
    toBeRefusal: (code: RefusalCode, details?: Details) => R
  }
}

expect.extend({
  toBeRefusal(received: unknown, code: RefusalCode, details: Details = {}) {
    const { equals, isNot, utils } = this
    const expected = { code, ...details }
    const pass = received instanceof Refusal && equals(received, expected, [utils.subsetEquality])
    return {
      pass,
      message: () =>
        `expected ${utils.stringify(received)} ${isNot ? "not " : ""}to be a refusal with ${utils.stringify(expected)}`,
      actual: received,
      expected,
    }
  },
})
