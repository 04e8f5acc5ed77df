import { describe, expect, it } from "vitest"
import { LISTS, listsInTurn, readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { isList } from "#lib/api/call.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { aLargeRequest } from "#testing/builders/a-large-request.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aRequest } from "#testing/builders/a-request.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { callApi } from "#testing/call-api.ts"
import { rowsRead } from "#testing/database/rows-read.ts"
import { CALLS } from "./all-calls.ts"

/** Takes every place of the queue of lists until the returned function frees them. */
function fillLists() {
  const gate = Promise.withResolvers<void>()
  for (let n = 0; n < LISTS.running; n++)
    void readInTurn({ member: "somebody else" }, () => gate.promise)
  return gate.resolve
}

const CHEAP = CALLS.filter(({ cheap }) => cheap !== undefined)

describe("a read", () => {
  it("is a list, which waits in the queue of lists, unless its declaration says why not", () => {
    expect(CHEAP.map(({ at, cheap }) => `${at}: ${cheap}`).sort()).toEqual([
      "GET /files/{id}/cut-off: reads one file",
      "GET /files/{id}/download: reads one file",
      "GET /files/{id}/thumbnail: reads one file",
      "GET /files/{id}: reads one file",
      "GET /me: reads the caller",
      "GET /requests/{id}: reads one row, which has its numbers",
    ])
    const lists = CALLS.filter(isList).map(({ at }) => at)
    expect(lists).toEqual(
      expect.arrayContaining([
        "GET /files",
        "GET /requests",
        "GET /requests/{id}/deliveries",
        "GET /shares/live",
        "GET /shares/{id}",
      ]),
    )
    expect(lists.every((at) => at.startsWith("GET "))).toBe(true)
  })

  it("waits for its turn if it is a list, in which a crowd of another member counts once", async () => {
    const [owner, crowd] = [await aMember(), await aMember()]
    const { id } = await aRequest({ owner })
    for (const as of [owner, crowd]) await callApi("GET /me", { as })
    const done: string[] = []
    const free = fillLists()
    const all = Array.from({ length: 20 }, () =>
      callApi("GET /requests", { as: crowd }).then(() => done.push("crowd")),
    )
    await expect.poll(() => listsInTurn().waiting).toBe(20)
    all.push(
      callApi("GET /requests/{id}/deliveries", { as: owner, id }).then(() => done.push("owner")),
    )
    await expect.poll(() => listsInTurn().waiting).toBe(21)
    // What is cheap does not wait.
    expect((await callApi("GET /requests/{id}", { as: owner, id })).status).toBe(200)
    expect(done).toEqual([])

    free()
    await Promise.all(all)

    // Without turns, the owner's would be the last of 21. How long each read takes varies.
    expect(done.indexOf("owner")).toBeLessThan(12)
  })

  it("is refused when too many of its member wait, and no other member's", async () => {
    const [other, crowd] = [await aMember(), await aMember()]
    for (const as of [other, crowd]) await callApi("GET /me", { as })
    const free = fillLists()
    const asked = Array.from({ length: 40 }, () => callApi("GET /requests", { as: crowd }))
    const answers = asked.map((answer) => answer.then(({ status }) => status))
    await expect.poll(() => listsInTurn().waiting).toBe(LISTS.waiting)
    const others = callApi("GET /requests", { as: other })
    expect(await Promise.race(answers)).toBe(503)

    free()

    expect((await others).status).toBe(200)
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200, 503]))
  })

  it("that is cheap reads at most 500 rows beside a request of 10,000 files", async () => {
    const { id, ownerId: as, guest, fileId } = await aLargeRequest(10_000)
    await startUploads(guest, [{ name: "next.jpg", size: 5, contentType: "image/jpeg" }])
    await callApi("GET /me", { as })
    const counted: Record<string, number> = {}
    for (const { at } of CHEAP) {
      const ask = async () => {
        const answer = await callApi(at, { as, id: at.includes("/requests/") ? id : fileId })
        // One call has no thumbnail to lead to.
        expect([200, 302, 404]).toContain(answer.status)
      }
      counted[at] = await rowsRead(ask)
    }
    expect(Object.entries(counted).filter(([, rows]) => rows > 500)).toEqual([])
    // The count works.
    const list = () => callApi("GET /files", { as })
    expect(await rowsRead(list)).toBeGreaterThan(500)
  }, 120_000)
})

describe("GET /shares/live", () => {
  it("has requests for a token that may read them, and for a session", async () => {
    const { ownerId: as, shareId } = await aLink()
    const { id } = await aRequest({ owner: as as never })
    const query = `?ids=${shareId},${id}`
    const idsBy = async (scopes: Parameters<typeof aToken>[1] | null) => {
      const headers = scopes && { authorization: `Bearer ${(await aToken(as, scopes)).token}` }
      const answer = await callApi("GET /shares/live", {
        as: headers ? null : as,
        query,
        ...(headers && { headers }),
      })
      const { items } = await answer.json()
      return items.map((each: { id: string }) => each.id).sort()
    }
    const both = [shareId, id].sort()

    expect(await idsBy(null)).toEqual(both)
    expect(await idsBy(["shares:read", "requests:read"])).toEqual(both)
    expect(await idsBy(["shares:read"])).toEqual([shareId])
  })
})
