import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { sweepDevices } from "#lib/rooms/accounts/tokens/device.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { callApi } from "#testing/call-api.ts"
import { past } from "#testing/units.ts"

type Device = { deviceCode: string; userCode: string }

const begin = async (body: object = {}): Promise<Device> =>
  (
    await callApi("POST /device", {
      as: null,
      body: { name: "Laptop", scopes: ["files:read"], ...body },
    })
  ).json()

async function poll({ deviceCode }: Pick<Device, "deviceCode">) {
  const answer = await callApi("POST /device/token", { as: null, body: { deviceCode } })
  return { status: answer.status, ...(await answer.json()) }
}

const decide = (as: string, decision: "approve" | "deny", userCode: string) =>
  callApi(`POST /device/${decision}`, { as, body: { userCode } })

/** Lets the device ask again at once. */
const later = () => db.device.updateMany({ data: { askedAt: past() } })

describe("a device", () => {
  it("gets a token of its member once the code that it shows is approved", async () => {
    const as = await aMember()
    const device = await begin()
    expect(device).toMatchObject({ interval: 5, expiresIn: 600 })
    expect(device.userCode).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/)
    expect(await poll(device)).toMatchObject({ status: 400, code: "pending" })
    expect(await poll(device)).toMatchObject({ status: 400, code: "slow_down" })
    await later()

    const typed = device.userCode.toLowerCase().replace("-", " ")
    const query = `?${new URLSearchParams({ userCode: typed })}`
    const shown = await (await callApi("GET /device", { as, query })).json()
    expect(shown).toMatchObject({ name: "Laptop", scopes: ["files:read"] })
    expect((await decide(as, "approve", typed)).status).toBe(204)

    const { token } = await poll(device)
    const me = { as: null, headers: { authorization: `Bearer ${token}` } }
    expect((await (await callApi("GET /me", me)).json()).id).toBe(as)
    expect((await callApi("GET /shares", me)).status).toBe(403)
    expect(await poll(device)).toMatchObject({ token })
    const entry = await db.auditEntry.findFirst({ where: { action: "member.token_add" } })
    expect(entry).toMatchObject({ actorId: as })
  })

  it("whose code is refused, or which waited ten minutes, gets nothing", async () => {
    const as = await aMember()
    const [refused, late] = [await begin(), await begin()]
    expect((await decide(as, "deny", refused.userCode)).status).toBe(204)
    await db.device.updateMany({
      where: { userCode: late.userCode.replace("-", "") },
      data: { expiresAt: past() },
    })

    expect(await poll(refused)).toMatchObject({ status: 400, code: "denied" })
    expect(await poll(late)).toMatchObject({ status: 400, code: "expired" })
    expect((await decide(as, "approve", late.userCode)).status).toBe(404)
    expect((await decide(as, "approve", refused.userCode)).status).toBe(404)
    expect(await poll({ deviceCode: "0".repeat(30) })).toMatchObject({ code: "expired" })
    expect(await db.token.count()).toBe(0)
  })

  it("is approved by one member only, however many try at once", async () => {
    const members = await Promise.all(Array.from({ length: 8 }, () => aMember()))
    const device = await begin()

    const answers = await Promise.all(members.map((as) => decide(as, "approve", device.userCode)))

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(await db.token.count()).toBe(1)
  })

  it("gets no admin's scope from a member, and a member who guesses codes is slowed", async () => {
    const as = await aMember()
    const device = await begin({ scopes: ["admin:write"] })

    expect((await decide(as, "approve", device.userCode)).status).toBe(403)
    expect(await poll(device)).toMatchObject({ code: "pending" })
    const query = "?userCode=BBBBBBBB"
    const guesses: number[] = []
    for (let n = 0; n < 20; n++) guesses.push((await callApi("GET /device", { as, query })).status)
    expect(guesses.slice(0, 19)).toEqual(Array(19).fill(404))
    expect(guesses.at(-1)).toBe(429)
  })

  it("is stored without what gets the token, and deleted when it is over", async () => {
    const { deviceCode } = await begin()
    const rows = JSON.stringify(await db.$queryRaw`SELECT d::text FROM device d`)
    expect(rows).not.toContain(deviceCode)

    await db.device.updateMany({ data: { expiresAt: past() } })
    await sweepDevices()
    expect(await db.device.count()).toBe(0)
  })
})
