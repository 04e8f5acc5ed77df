import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { onlyAddress } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { exportAudit } from "./export-audit.ts"
import { listAudit } from "./list-audit.ts"
import { withAddress } from "./origin.ts"
import { recordFile } from "./record-file.ts"

type Wanted = { actorId?: string | null; action?: string; name?: string; path?: string }

const record = ({ actorId = null, action = "file.abandon", name = "a", path = "" }: Wanted) =>
  db.$transaction((tx) =>
    recordFile(tx, { actorId, action, targetId: name, path, details: { name, size: 1 } }),
  )

/** The list of the page: the name in each entry, and the number of its parts. */
const listed = async (filter = {}) =>
  (await listAudit({ limit: 50, ...filter })).items.map(({ details, parts }) => [
    details.name,
    parts,
  ])

/** Moves all entries into the past. */
const age = (interval: string) =>
  db.$executeRaw`UPDATE audit_entry SET at = at - ${interval}::interval`

describe("recordFile", () => {
  it("lists a folder that is uploaded, and deleted, as one entry each, whatever is simultaneous", async () => {
    const owner = await aMember()
    const started = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const input = { name: `${n}.txt`, contentType: "text/plain", size: 1 }
        const path = n % 2 ? "trips" : "trips/2026"
        const { file, upload } = await startUpload(acting(owner), { ...input, path })
        const { url, headers } = await onlyAddress(owner, file.id, upload)
        await fetch(url, { method: "PUT", headers, body: "x" })
        return file.id
      }),
    )

    await Promise.all(started.map((id) => finishUpload(owner, id)))
    await Promise.all(started.map((id) => deleteFile(owner, id)))

    const { items } = await listAudit({ limit: 50, actorId: owner })
    expect(items).toMatchObject([
      { action: "file.delete", parts: 11, details: { folder: "trips" } },
      { action: "file.upload", parts: 11, details: { folder: "trips" } },
    ])
    const each = await listAudit({ limit: 50, actId: items[1]?.id })
    expect(each.items.map(({ targetId }) => targetId).sort()).toEqual([...started].sort())
    const exported = []
    for await (const batch of exportAudit({ actorId: owner })) exported.push(...batch)
    expect(exported).toHaveLength(24)
  })

  it("keeps folders, members, actions and origins apart", async () => {
    const [ada, grace] = [await aMember(), await aMember()]
    await record({ actorId: ada, name: "a", path: "one" })
    await record({ actorId: ada, name: "b", path: "two" })
    await record({ actorId: grace, name: "c", path: "one" })
    await record({ actorId: ada, name: "d", path: "one", action: "file.delete" })
    await withAddress("203.0.113.1", () => record({ actorId: ada, name: "e", path: "one" }))
    await record({ actorId: ada, name: "f", path: "one/deeper" })

    expect(await listed()).toEqual([
      ["e", 0],
      ["d", 0],
      ["c", 0],
      ["b", 0],
      ["a", 1],
    ])
  })

  // Acts end at midnight UTC, and the times of this test must be on one day.
  it.skipIf(new Date().toISOString().slice(11, 15) === "00:0")(
    "begins another act after a minute without an entry, and after an hour",
    async () => {
      await record({ name: "a" })
      await age("2 minutes")
      await record({ name: "b" })
      for (const name of ["b1", "b2"]) {
        await age("50 seconds")
        await record({ name })
      }
      await age("50 seconds")
      await db.$executeRaw`
        UPDATE audit_entry SET at = at - interval '1 hour' WHERE details->>'name' = 'b'`
      await record({ name: "c" })

      expect(await listed()).toEqual([
        ["c", 0],
        ["a", 0],
        ["b", 2],
      ])
    },
  )

  it("joins no act of another kind that has such entries as parts", async () => {
    const actorId = await aMember()
    const act = await db.auditEntry.create({ data: { actor: "Ada", action: "member.disable" } })
    await db.auditEntry.create({
      data: {
        actorId,
        actor: "Ada",
        action: "file.cancel",
        actId: act.id,
        details: { name: "part", size: 1 },
      },
    })

    await record({ actorId, action: "file.cancel", name: "own" })

    expect(await listed()).toEqual([
      ["own", 0],
      [undefined, 1],
    ])
  })

  it("is found by the name of each file, and once by what all of them share", async () => {
    for (const name of ["first.jpg", "second.jpg", "third.jpg"])
      await record({ name, path: "holiday" })

    expect(await listed({ q: "second" })).toEqual([["second.jpg", 0]])
    expect(await listed({ q: "holiday" })).toEqual([["first.jpg", 2]])
    expect(await listed({ targetId: "third.jpg" })).toEqual([["third.jpg", 0]])
  })
})
