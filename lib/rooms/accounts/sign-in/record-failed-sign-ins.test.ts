import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { inTurn } from "#testing/in-turn.ts"
import { hashPassword } from "./password.ts"
import { countFailedSignIn, recordFailedSignIns } from "./record-failed-sign-ins.ts"
import { verifyCredentials } from "./verify-credentials.ts"

/** Moves all windows an hour into the past. */
const endWindows = () => db.$executeRaw`
  UPDATE failed_sign_in SET window_end_at = window_end_at - interval '1 hour'`

async function refusals() {
  const entries = await db.auditEntry.findMany({
    where: { action: "session.refuse" },
    orderBy: { at: "asc" },
  })
  return entries.map((entry) => ({ ...entry, details: entry.details as Record<string, unknown> }))
}
const total = (entries: Awaited<ReturnType<typeof refusals>>) =>
  entries.reduce((sum, { details }) => sum + Number(details.failures), 0)

const fail = (member: string | null, address: string) =>
  withAddress(address, () => countFailedSignIn(member))

describe("failed sign-ins", () => {
  it("become one entry per account, address and window, with their exact count", async () => {
    const ada = await aMember({ name: "Ada", email: "ada@example.org" })
    await Promise.all(Array.from({ length: 30 }, () => fail(ada, "203.0.113.1")))
    await fail(ada, "203.0.113.2")
    await inTurn(2, () => fail(null, "203.0.113.1"))
    expect(await recordFailedSignIns()).toBe(0)
    await endWindows()

    await Promise.all([recordFailedSignIns(), recordFailedSignIns(), recordFailedSignIns()])

    const entries = await refusals()
    const member = "Ada <ada@example.org>"
    const counts = entries.map(({ targetId, details }) => [targetId, details.failures])
    expect(counts).toHaveLength(3)
    expect(counts).toEqual(
      expect.arrayContaining([
        [ada, 30],
        [ada, 1],
        [null, 2],
      ]),
    )
    expect(new Set(entries.map(({ origin }) => origin)).size).toBe(2)
    for (const { actorId, targetId, details } of entries) {
      expect(actorId).toBeNull()
      expect(details.member).toBe(targetId ? member : undefined)
    }
    expect(await db.failedSignIn.count()).toBe(0)
  })

  it("fill the log with at most 21 entries a minute, and the count stays exact", async () => {
    const addresses = Array.from({ length: 300 }, (_, n) => `2001:db8:${n.toString(16)}::1`)

    await Promise.all(addresses.map((address) => fail(null, address)))
    await endWindows()
    await recordFailedSignIns()

    const entries = await refusals()
    expect(entries.length).toBeLessThanOrEqual(21)
    expect(total(entries)).toBe(300)
    const rest = entries.filter(({ details }) => details.more === true)
    expect(rest).toMatchObject([{ origin: null, targetId: null }])
  })

  it("are still counted in an existing row beyond the limit of rows", async () => {
    const ada = await aMember()
    await fail(ada, "203.0.113.1")
    await Promise.all(Array.from({ length: 40 }, (_, n) => fail(null, `203.0.113.${100 + n}`)))
    await fail(ada, "203.0.113.1")
    await endWindows()
    await recordFailedSignIns()

    const ofAda = (await refusals()).filter(({ targetId }) => targetId === ada)
    expect(ofAda).toMatchObject([{ details: { failures: 2 } }])
  })

  it("are counted for a wrong password, an unknown address and a disabled member alike", async () => {
    const passwordHash = await hashPassword("right password")
    await aMember({ email: "ada@example.org", passwordHash })
    await aMember({ email: "gone@example.org", passwordHash, disabledAt: new Date() })
    for (const email of ["ada@example.org", "gone@example.org", "my-secret-password"]) {
      const password = email === "gone@example.org" ? "right password" : "wrong password"
      const attempt = { email, password, address: "203.0.113.1" }
      const signIn = () => verifyCredentials(attempt)
      expect(await withAddress("203.0.113.1", signIn).catch(() => null)).toBeNull()
    }
    await endWindows()
    await recordFailedSignIns()

    expect(total(await refusals())).toBe(3)
    expect(JSON.stringify(await db.auditEntry.findMany())).not.toContain("my-secret")
  })
})
