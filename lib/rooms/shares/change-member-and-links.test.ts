import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { listAudit } from "#lib/rooms/audit/list-audit.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { restoreShare } from "#lib/rooms/shares/revoke/restore-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { aSharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { callApi } from "#testing/call-api.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { changeMemberAndLinks } from "./change-member-and-links.ts"

const PATCH = "PATCH /admin/users/{id}"

const NO_ONE = "00000000-0000-4000-8000-000000000000"
const usedBy = async (id: string) =>
  Number((await db.member.findUniqueOrThrow({ where: { id } })).usedBytes)
/** Includes deleted files as long as they count. */
const heldBy = async (ownerId: string) => {
  const { _sum } = await db.file.aggregate({
    where: { ownerId, OR: [{ deletedAt: null }, { countedUntil: { not: null } }] },
    _sum: { size: true },
  })
  return Number(_sum.size ?? 0n)
}

describe("disabling a member", () => {
  it("leaves the links open if the request does not mention them, or says keep", async () => {
    const admin = await anAdmin()
    for (const links of [undefined, "keep"] as const) {
      const { id, ownerId } = await aShare()

      const member = await changeMemberAndLinks(admin, ownerId, { disabled: true, links })

      expect(member).toMatchObject({ id: ownerId, disabled: true })
      expect(await requireShare(ownerId, id)).toMatchObject({ status: "open" })
    }
  })

  it("revokes the links when the admin says so, and only an admin restores them", async () => {
    const [admin, other] = [await anAdmin(), await aShare()]
    const { id, ownerId } = await aShare()

    const { links } = await changeMemberAndLinks(admin, ownerId, {
      disabled: true,
      links: "revoke",
    })

    expect(links).toEqual({ shares: 1, files: 0, exposedUntil: null })
    expect(await requireShare(ownerId, id)).toMatchObject({
      status: "revoked",
      revokeReason: "Its owner was disabled.",
    })
    await expect(restoreShare(acting(ownerId), id)).rejects.toBeRefusal("forbidden")
    expect(await requireShare(other.ownerId, other.id)).toMatchObject({ status: "open" })
  })

  it("revokes the links and blocks what is out when the admin says so", async () => {
    const admin = await anAdmin()
    const [share, other] = [await aSharedFile(), await aSharedFile()]
    const [kept, others] = [await share.click(), await other.click()]

    const { links } = await changeMemberAndLinks(admin, share.owner, {
      disabled: true,
      links: "cutOff",
    })

    expect(links).toEqual({ shares: 1, files: 0, exposedUntil: null })
    expect(await requireShare(share.owner, share.shareId)).toMatchObject({
      status: "revoked",
      cutOff: { state: "done" },
    })
    expect([await statusOf(kept), await statusOf(others)]).toEqual([403, 200])
  })

  it("ends uploads under way: neither the next part nor the end is accepted, and the bytes go", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const { file, put } = await aStartedFile({ owner, bytes: "on its way" })
    await put()

    await changeMemberAndLinks(admin, owner, { disabled: true })

    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict")
    expect(await db.object.findMany({ where: { fileId: file.id } })).toMatchObject([
      { state: "doomed" },
    ])
  })

  it("hands shares, files and their bytes over to another member, and the links stay the same", async () => {
    const [admin, to, ownerId] = [
      await anAdmin(),
      await aMember({ name: "Grace" }),
      await aMember(),
    ]
    await aFile({ owner: to, bytes: "of Grace" })
    const file = await aFile({ owner: ownerId, bytes: "of Ada" })
    const gone = await aFile({ owner: ownerId, bytes: "deleted before" })
    await endUploadUrls()
    await deleteFile(ownerId, gone.id)
    const late = await aFile({ owner: ownerId, bytes: "deleted just now" })
    await deleteFile(ownerId, late.id)
    await aStartedFile({ owner: ownerId, bytes: "on its way" })
    const share = await aShare({ owner: ownerId, fileIds: [file.id] })

    const { links } = await changeMemberAndLinks(admin, ownerId, {
      disabled: true,
      links: "transfer",
      transferTo: to,
    })

    expect(links).toEqual({ shares: 1, files: 4, exposedUntil: null })
    expect(await requireShare(to, share.id)).toMatchObject({ status: "open", url: share.url })
    await expect(requireShare(ownerId, share.id)).rejects.toBeRefusal("not_found")
    expect(await usedBy(ownerId)).toBe(0)
    const counted = ["of Grace", "of Ada", "deleted just now", "on its way"]
    expect(await usedBy(to)).toBe(counted.join("").length)
    expect((await listFiles(to, {})).items).toHaveLength(3)
    await deleteFile(to, file.id)
    expect(await usedBy(to)).toBe(await heldBy(to))
    await endUploadUrls()
    await destroyDoomed()
    expect(await usedBy(to)).toBe("of Grace".length)
    expect((await listFiles(to, {})).items).toHaveLength(1)
    await expect(revokeShare(ownerId, share.id)).rejects.toBeRefusal("not_found")
    expect(await revokeShare(to, share.id)).toMatchObject({ status: "revoked" })

    const { items } = await listAudit({ limit: 9, targetId: ownerId })
    expect(items).toMatchObject([
      { action: "member.transfer", actorId: admin, details: { shares: 1, files: 4 } },
      { action: "member.disable" },
    ])
    expect(items[0]?.details.to).toMatch(/^Grace </)
  })

  it("does nothing if the new owner cannot be one", async () => {
    const admin = await anAdmin()
    const { ownerId } = await aShare()
    const disabled = await aMember({ disabledAt: new Date() })

    for (const transferTo of [ownerId, disabled, NO_ONE]) {
      await expect(
        changeMemberAndLinks(admin, ownerId, { disabled: true, links: "transfer", transferTo }),
      ).rejects.toBeRefusal("invalid", { field: "transferTo" })
    }
    const member = await db.member.findUniqueOrThrow({ where: { id: ownerId } })
    expect(member.disabledAt).toBeNull()
  })

  it("continues with the links of a member who is disabled already", async () => {
    const [admin, to] = [await anAdmin(), await aMember()]
    const { id, ownerId } = await aShare()
    await changeMemberAndLinks(admin, ownerId, { disabled: true })

    await changeMemberAndLinks(admin, ownerId, {
      disabled: true,
      links: "transfer",
      transferTo: to,
    })

    expect(await requireShare(to, id)).toMatchObject({ id })
  })

  it("leaves nothing behind that the member's own requests make at the same moment", async () => {
    for (const links of ["transfer", "revoke"] as const) {
      const [admin, to, ownerId] = [await anAdmin(), await aMember(), await aMember()]
      const { id: fileId } = await aFile({ owner: ownerId })
      const doomed = await aFile({ owner: ownerId, bytes: "deleted meanwhile" })
      const making = Array.from({ length: 12 }, async (_, n) => {
        await new Promise((resolve) => setTimeout(resolve, n * 5))
        return n % 2
          ? aShare({ owner: ownerId, fileIds: [fileId] })
          : aStartedFile({ owner: ownerId })
      })

      const [changed, , ...made] = await Promise.allSettled([
        changeMemberAndLinks(admin, ownerId, {
          disabled: true,
          links,
          ...(links === "transfer" ? { transferTo: to } : {}),
        }),
        deleteFile(ownerId, doomed.id),
        ...making,
      ])

      expect(changed.status).toBe("fulfilled")
      for (const one of made) {
        if (one.status === "rejected")
          expect(["signed_out", "not_found"]).toContain(one.reason.code)
      }
      expect(await db.share.count({ where: { ownerId, revokedAt: null } })).toBe(0)
      for (const id of [ownerId, to]) expect(await usedBy(id)).toBe(await heldBy(id))
      if (links === "transfer") expect(await heldBy(ownerId)).toBe(0)
      await destroyDoomed()
      expect(await db.file.count({ where: { status: "uploading" } })).toBe(0)
    }
  })

  it("hands over more than fits in one transaction, and counts every byte once", async () => {
    const [admin, to, ownerId] = [await anAdmin(), await aMember(), await aMember()]
    await db.$executeRaw`INSERT INTO file (id, owner_id, name, size, content_type)
      SELECT gen_random_uuid(), ${ownerId}::uuid, n::text, n, 'text/plain'
      FROM generate_series(1, 1001) AS n`
    await db.$executeRaw`UPDATE member SET used_bytes = 1001 * 1002 / 2 WHERE id = ${ownerId}::uuid`

    const change = { disabled: true, links: "transfer", transferTo: to } as const
    const both = await Promise.all([
      changeMemberAndLinks(admin, ownerId, change),
      changeMemberAndLinks(admin, ownerId, change),
    ])

    expect(both.reduce((sum, { links }) => sum + (links?.files ?? 0), 0)).toBe(1001)
    expect([await usedBy(ownerId), await usedBy(to)]).toEqual([0, (1001 * 1002) / 2])
    const entries = await db.auditEntry.count({ where: { action: "member.transfer" } })
    expect(entries).toBeGreaterThanOrEqual(2)
  })

  it("gives each file and share to one member when admins hand over in circles, without deadlock", async () => {
    const admins = await Promise.all(Array.from({ length: 4 }, () => anAdmin()))
    const shares = await Promise.all(
      admins.map(async (owner) => aShare({ owner, fileIds: [(await aFile({ owner })).id] })),
    )
    const handOver = (admin: (typeof admins)[number], id: PersonId, transferTo: PersonId) =>
      changeMemberAndLinks(admin, id, { disabled: true, links: "transfer", transferTo })
    const [a, b, c, d] = admins
    if (!a || !b || !c || !d) throw new Error("four admins")

    const all = await Promise.allSettled([
      handOver(a, b, c),
      handOver(b, c, d),
      handOver(c, d, b),
      handOver(d, b, d),
      handOver(d, b, a),
    ])

    for (const one of all) {
      if (one.status === "rejected") {
        expect(["conflict", "invalid", "forbidden"]).toContain(one.reason.code)
      }
    }
    expect(await db.share.count()).toBe(shares.length)
    for (const admin of admins) expect(await usedBy(admin)).toBe(await heldBy(admin))
    expect(await db.member.count({ where: { disabledAt: null } })).toBeGreaterThanOrEqual(1)
  })
})

describe("a hand-over in batches", () => {
  /** Makes a member with few files and more shares of them than a batch has. */
  async function aMemberOfMany(shares = 6_000) {
    const ownerId = await aMember()
    const { id: fileId } = await aFile({ owner: ownerId, bytes: "of many shares" })
    await db.$executeRaw`
      WITH made AS (
        INSERT INTO share (id, owner_id, max_ttl_seconds)
        SELECT gen_random_uuid(), ${ownerId}::uuid, 60 FROM generate_series(1, ${shares}::int)
        RETURNING id
      )
      INSERT INTO share_file (share_id, file_id, position) SELECT id, ${fileId}::uuid, 1 FROM made`
    return ownerId
  }

  /** The owners of all shares and files, and how many shares have a file of another owner. */
  async function owners() {
    const [shares, files, [split]] = await Promise.all([
      db.share.groupBy({ by: ["ownerId"] }),
      db.file.groupBy({ by: ["ownerId"] }),
      db.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM share_file sf JOIN share s ON s.id = sf.share_id
          JOIN file f ON f.id = sf.file_id WHERE s.owner_id <> f.owner_id`,
    ])
    const ids = [...shares, ...files].map(({ ownerId }) => ownerId)
    return { owners: [...new Set(ids)], split: split?.count }
  }

  const to = (transferTo: PersonId) => ({ disabled: true, links: "transfer", transferTo }) as const

  it.each(process.env.HEAVY ? [1, 2, 3] : [1])(
    "ends with one owner of shares and files when two admins choose different people at once (%d)",
    async () => {
      const [admin, other, one, two] = [
        await anAdmin(),
        await anAdmin(),
        await aMember(),
        await aMember(),
      ]
      const ownerId = await aMemberOfMany()
      const chosen = [one, two, two, one]
      const all = await Promise.allSettled(
        chosen.map((next, n) => changeMemberAndLinks(n % 2 ? admin : other, ownerId, to(next))),
      )

      const ended = await owners()
      expect(ended).toMatchObject({ owners: [expect.any(String)], split: 0 })
      const [winner] = ended.owners
      expect([one, two]).toContain(winner)
      for (const [place, result] of all.entries()) {
        if (result.status === "rejected") {
          expect([chosen[place] === winner, result.reason.code]).toEqual([false, "conflict"])
        }
      }
      expect([await usedBy(ownerId), await usedBy(winner ?? "")]).toEqual([0, 14])
    },
  )

  it("continues only to the same member when it was interrupted, and then ends", async () => {
    const [admin, one, two] = [await anAdmin(), await aMember({ name: "Grace" }), await aMember()]
    const { ownerId } = await aShare()
    await changeMemberAndLinks(admin, ownerId, { disabled: true })
    await db.$executeRaw`UPDATE member SET transfer_to = ${one}::uuid WHERE id = ${ownerId}::uuid`

    await expect(changeMemberAndLinks(admin, ownerId, to(two))).rejects.toBeRefusal("conflict", {
      field: "transferTo",
      message: expect.stringContaining("Grace"),
    })
    // The new owner's shares can be transferred only after everything has arrived.
    await expect(changeMemberAndLinks(admin, one, to(two))).rejects.toBeRefusal("conflict")
    await changeMemberAndLinks(admin, ownerId, to(one))
    expect(await owners()).toEqual({ owners: [one], split: 0 })
    await changeMemberAndLinks(admin, one, to(two))
    expect(await owners()).toEqual({ owners: [two], split: 0 })
    expect(await db.member.count({ where: { transferTo: { not: null } } })).toBe(0)
  })
})

describe("PATCH /api/v1/admin/users/{id}", () => {
  it("refuses an instruction about links that is unknown or incomplete", async () => {
    const [as, id] = [await anAdmin(), await aMember()]
    for (const body of [
      { links: "revoke" },
      { disabled: false, links: "keep" },
      { disabled: true, links: "transfer" },
      { disabled: true, links: "revoke", transferTo: as },
      { disabled: true, transferTo: as },
      { disabled: true, links: "burn" },
    ]) {
      const answer = await callApi(PATCH, { as, id, body })
      expect([answer.status, body]).toEqual([400, body])
    }
    expect(await db.member.count({ where: { disabledAt: null } })).toBe(2)
  })

  it("disables and hands over in one call", async () => {
    const as = await anAdmin()
    const { id: share, ownerId } = await aShare()

    const body = { disabled: true, links: "transfer", transferTo: as }
    const answer = await callApi(PATCH, { as, id: ownerId, body })

    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      disabled: true,
      links: { shares: 1, files: 1, exposedUntil: null },
    })
    expect(await requireShare(as, share)).toMatchObject({ id: share })
  })
})
