import { describe, expect, it } from "vitest"
import { appFailure } from "./failure.ts"
import { createRetries } from "./retry.ts"

const refused = (retryAfterSeconds: number | null) =>
  appFailure({ ok: false, status: 503, message: null, retryAfterSeconds })
const retries = () => createRetries({ attempts: 3, isOnline: () => true, random: () => 0 })

describe("an upload that is refused", () => {
  it("waits as long as a busy app says, and has more attempts than other failures", () => {
    const { delayAfter } = retries()
    for (let n = 1; n < 18; n++)
      expect(delayAfter(refused(40))).toMatchObject({ ms: 40_000, problem: { code: "busy" } })
    expect(delayAfter(refused(40))).toBeNull()
  })

  it("waits for its turn as long as it takes", () => {
    const { delayAfter } = retries()
    const turn = appFailure({ ok: false, status: 429, message: "Wait.", retryAfterSeconds: 30 })
    for (let n = 0; n < 1_000; n++)
      expect(delayAfter(turn)).toMatchObject({ problem: { code: "busy", message: "Wait." } })
  })

  it("gives up on an app that does not say when to retry", () => {
    const { delayAfter } = retries()
    expect(delayAfter(refused(null))).not.toBeNull()
    expect(delayAfter(refused(null))).not.toBeNull()
    expect(delayAfter(refused(null))).toBeNull()
  })
})
