import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { future, inHours, past } from "#testing/units.ts"
import { arraysOf } from "../access/input-rows.ts"
import { ticketColumns, unlockColumns } from "../access/proofs.ts"
import { claim } from "../claim/claim.ts"
import { describeFile } from "../look/describe-file.ts"
import {
  COOKIES,
  newVisitId,
  readVisitorCookies,
  signTicket,
  signVisit,
} from "../visitor/visitor-cookies.ts"
import { openLink, type ViewKind } from "./open-link.ts"
import { OPENING, openLinks } from "./open-link-statement.ts"
import { unlockLink } from "./unlock-link.ts"

const view = (publicId: Uint8Array, kind: ViewKind, cookies: Record<string, string> = {}) =>
  openLink({ publicId, cookies: readVisitorCookies((name) => cookies[name]), kind, source })
const open = (token: string, cookies?: Record<string, string>) =>
  view(readLinkToken(token) ?? new Uint8Array(8), null, cookies)

const claimTicket = async ({ publicId, fileId }: { publicId: Uint8Array; fileId: string }) => {
  const grant = await claim({
    publicId,
    fileIds: [fileId],
    cookies: noCookies,
    directOnly: false,
    source,
  })
  if (!grant.ticket) throw new Error("a claim gives a ticket")
  return signTicket(grant.ticket)
}

describe("openLink", () => {
  it("shows an open link with its files in their order", async () => {
    const link = await aLink({ files: ["b.pdf", "a.pdf"], maxDownloads: 3 })
    await claimTicket(link)

    expect(await open(link.token)).toMatchObject({
      state: "open",
      senderName: "Ada Lovelace",
      title: "The report",
      files: [{ name: "b.pdf", size: 1234, status: "ready" }, { name: "a.pdf" }],
      counts: { ready: 2, readyBytes: 2468, arriving: 0, abandoned: 0 },
      part: null,
      downloadsLeft: 2,
      hasTicket: false,
    })
  })

  it("shows which files are ready, uploading and abandoned, and lets only ready ones be claimed", async () => {
    const { publicId, token, fileIds } = await aLink({
      files: ["ready", "coming", "gone", "deleted"],
    })
    const [ready = "", coming = "", gone = "", deleted = ""] = fileIds
    const sha256 = "a".repeat(64)
    const deletedAt = new Date()
    await db.file.update({ where: { id: ready }, data: { sha256, path: "a/b" } })
    await db.file.update({ where: { id: coming }, data: { status: "uploading" } })
    await db.file.update({ where: { id: gone }, data: { status: "abandoned", deletedAt } })
    await db.file.update({ where: { id: deleted }, data: { deletedAt } })
    const ask = (ids: string[] | null) =>
      claim({ publicId, fileIds: ids, cookies: noCookies, directOnly: false, source })

    expect(await open(token)).toMatchObject({
      files: [
        { name: "ready", path: "a/b", status: "ready", sha256 },
        { name: "coming", status: "uploading", sha256: null },
        { name: "gone", status: "abandoned" },
      ],
      counts: { ready: 1, readyBytes: 1234, arriving: 1, arrivingBytes: 1234, abandoned: 1 },
    })
    expect((await ask(null)).files.map(({ name }) => name)).toEqual(["ready"])
    await expect(ask([coming])).rejects.toBeRefusal("conflict")
    await expect(ask([ready, coming])).rejects.toBeRefusal("conflict")
    await expect(ask([gone])).rejects.toThrow("The sender cancelled the upload")
    await expect(describeFile(publicId, coming, noCookies)).rejects.toBeRefusal("conflict")
  })

  it("finds nothing for an altered token", async () => {
    const { token } = await aLink()
    const altered = (token[0] === "A" ? "B" : "A") + token.slice(1)

    expect(await open(altered)).toEqual({ state: "unknown" })
  })

  it("explains why a link no longer opens, and hides the title of a locked one", async () => {
    const revokedAt = past()
    const revoked = await aLink({ revokedAt })
    const expired = await aLink({ expiresAt: revokedAt, passwordHash: "any" })
    const usedUp = await aLink({ maxDownloads: 1, downloads: 1 })
    const scheduled = await aLink({ startsAt: future() })

    expect(await open(revoked.token)).toMatchObject({
      state: "revoked",
      title: "The report",
      at: revokedAt,
    })
    expect(await open(expired.token)).toMatchObject({ state: "expired", title: "", at: revokedAt })
    expect(await open(usedUp.token)).toMatchObject({ state: "used_up", at: null })
    expect(await open(scheduled.token)).toMatchObject({
      state: "scheduled",
      now: expect.any(Date),
      counts: { ready: 1 },
    })
    const locked = await aLink({ startsAt: future(), passwordHash: "any" })
    expect(await open(locked.token)).toMatchObject({ state: "scheduled", title: "", counts: null })
  })

  it("lets a ticket holder in when the link is used up", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const ticket = await claimTicket(link)

    expect(await open(link.token)).toMatchObject({ state: "used_up" })
    expect(await open(link.token, { [COOKIES.ticket]: ticket })).toMatchObject({
      state: "open",
      downloadsLeft: 0,
      hasTicket: true,
    })
  })

  it("opens only to the visitor who claimed the last download and never got the answer", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const visitId = newVisitId()
    const visit = { [COOKIES.visit]: signVisit(visitId) }
    const { publicId, fileId } = link
    const cookies = { ...noCookies, visitId }
    await claim({ publicId, fileIds: [fileId], cookies, directOnly: false, source })
    expect(await open(link.token, visit)).toMatchObject({ state: "open", hasTicket: true })
    const other = { [COOKIES.visit]: signVisit(newVisitId()) }
    expect(await open(link.token, other)).toMatchObject({ state: "used_up" })
    await db.claim.updateMany({ data: { at: inHours(-25) } })
    expect(await open(link.token, visit)).toMatchObject({ state: "used_up" })
  })

  it("shows only the sender of a locked link until the password is given", async () => {
    const link = await aLink({ passwordHash: await hashPassword("open sesame") })
    const unlock = (password: string) =>
      unlockLink({ publicId: link.publicId, password, address: "192.0.2.1", source })

    const locked = await open(link.token)
    expect(Object.keys(locked).sort()).toEqual([
      ...["code", "error", "now", "retryAt", "senderName", "state"],
    ])
    expect(await unlock("guess")).toBeNull()
    const cookie = (await unlock("open sesame")) ?? ""
    const opened = await open(link.token, { [COOKIES.unlock]: cookie })
    expect(opened).toMatchObject({ state: "open", title: "The report" })
    const kinds = await db.event.findMany({ select: { kind: true }, orderBy: { at: "asc" } })
    expect(kinds.map(({ kind }) => kind)).toEqual(["unlock_failed", "unlock"])

    await db.share.update({ where: { id: link.shareId }, data: { passwordVersion: 1 } })
    expect(await open(link.token, { [COOKIES.unlock]: cookie })).toMatchObject({ state: "locked" })
  })

  it("slows down guesses from one address, not from another", async () => {
    const link = await aLink({ passwordHash: await hashPassword("open sesame") })
    const unlock = (address: string) =>
      unlockLink({ publicId: link.publicId, password: "guess", address, source })

    const guesses = await Promise.allSettled(Array.from({ length: 14 }, () => unlock("192.0.2.1")))
    expect(guesses.filter(({ status }) => status === "fulfilled")).toHaveLength(10)
    await expect(unlock("192.0.2.1")).rejects.toBeRefusal("too_many")
    expect(await unlock("192.0.2.2")).toBeNull()
  })
})

describe("views", () => {
  const counts = async (shareId: string) => {
    const { _sum } = await db.shareCounter.aggregate({
      where: { shareId },
      _sum: { views: true, botViews: true },
    })
    return [Number(_sum.views ?? 0), Number(_sum.botViews ?? 0)]
  }

  it("counts views exactly, people's and bots' apart", async () => {
    const { publicId, shareId } = await aLink()

    await Promise.all([
      ...Array.from({ length: 60 }, () => view(publicId, "view")),
      ...Array.from({ length: 40 }, () => view(publicId, "bot_view")),
      view(publicId, null),
    ])

    expect(await counts(shareId)).toEqual([60, 40])
    expect(await db.event.count({ where: { shareId, kind: "view" } })).toBe(60)
    expect(await db.event.count({ where: { shareId, kind: "bot_view" } })).toBe(40)
  })

  /** The most events of any minute; a test may run past the end of one. */
  const machineEvents = async (shareId: string) => {
    const minutes = await db.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM event WHERE share_id = ${shareId}::uuid AND kind = 'bot_view'
      GROUP BY date_trunc('minute', at)`
    const most = Math.max(...minutes.map(({ n }) => n))
    return minutes.length > 1 && most < 60 ? 60 : most
  }

  it("writes at most 60 events of machines a minute for a link, so that a flood of HEADs cannot fill the disk", async () => {
    const [flooded, quiet] = [await aLink(), await aLink()]
    const flood = Array.from({ length: 500 }, (_, n) => [
      view(flooded.publicId, "bot_view"),
      ...(n % 10 === 0 ? [view(flooded.publicId, "view"), view(quiet.publicId, "bot_view")] : []),
    ])
    await Promise.all(flood.flat())
    await Promise.all(Array.from({ length: 40 }, () => view(flooded.publicId, "bot_view")))

    expect(await counts(flooded.shareId)).toEqual([50, 540])
    expect(await counts(quiet.shareId)).toEqual([0, 50])
    expect(await machineEvents(flooded.shareId)).toBe(60)
    expect(await db.event.count({ where: { shareId: quiet.shareId } })).toBe(50)
    expect(
      await db.event.count({
        where: {
          shareId: flooded.shareId,
          kind: "view",
        },
      }),
    ).toBe(50)
  })

  it("writes exactly as many events of machines as the limit allows, over statements of two replicas at once", async () => {
    const { publicId, shareId } = await aLink()
    const fetches = (many: number) => {
      const fetched = {
        publicId,
        kind: "bot_view",
        agent: null,
        referrer: null,
        visitor: null,
        visitId: null,
        deliveryId: null,
        ...ticketColumns(null),
        ...unlockColumns(null),
      }
      const asked = Array.from({ length: many }, () => fetched)
      return openLinks({ ...arraysOf(OPENING, asked), shard: 0 })
    }
    await Promise.all([7, 25, 13, 32, 1, 32, 5, 32].map(fetches))

    expect(await machineEvents(shareId)).toBe(60)
    expect(await counts(shareId)).toEqual([0, 147])
    await db.$executeRaw`UPDATE attempt SET window_end_at = date_trunc('minute', now()) WHERE purpose = 'bot_view'`
    const before = await db.event.count()
    await fetches(3)
    expect(await db.event.count()).toBe(before + 3)
  })

  it("counts no view of a page that does not open", async () => {
    const usedUp = await aLink({ maxDownloads: 1 })
    const ticket = await claimTicket(usedUp)
    const over = [await aLink({ revokedAt: past() }), await aLink({ expiresAt: past() }), usedUp]

    const closed = ["revoked", "expired", "used_up"]
    for (const { publicId, shareId } of over) {
      expect(closed).toContain((await view(publicId, "view")).state)
      expect(await counts(shareId)).toEqual([0, 0])
    }
    expect(await view(usedUp.publicId, "view", { [COOKIES.ticket]: ticket })).toMatchObject({
      state: "open",
    })
    expect(await view(new Uint8Array(8), "view")).toEqual({ state: "unknown" })
    const scheduled = await aLink({ startsAt: future() })
    expect(await view(scheduled.publicId, "view")).toMatchObject({ state: "scheduled" })
    const locked = await aLink({ passwordHash: "any" })
    expect(await view(locked.publicId, "view")).toMatchObject({ state: "locked" })
    expect(await counts(scheduled.shareId)).toEqual([1, 0])
    expect(await counts(locked.shareId)).toEqual([1, 0])
  })

  it("gives each of many simultaneous visitors what their own cookies open", async () => {
    const usedUp = await aLink({ maxDownloads: 1 })
    const ticket = { [COOKIES.ticket]: await claimTicket(usedUp) }
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, n) => aLink({ files: [`file ${n}`] })),
    )

    const pages = await Promise.all([
      ...others.map(({ publicId }) => view(publicId, "view")),
      view(usedUp.publicId, "view", ticket),
      view(usedUp.publicId, "view"),
      view(new Uint8Array(8), "view"),
      ...others.map(({ publicId }) => view(publicId, null)),
    ])

    const names = pages.map((page) => (page.state === "open" ? page.files[0]?.name : page.state))
    const own = others.map((_, n) => `file ${n}`)
    expect(names).toEqual([...own, "report.pdf", "used_up", "unknown", ...own])
    for (const { shareId } of others) expect(await counts(shareId)).toEqual([1, 0])
    expect(await counts(usedUp.shareId)).toEqual([1, 0])
  })
})

describe("describeFile", () => {
  it("returns size, type and name under a click's conditions, and counts nothing", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const about = (cookies = noCookies) => describeFile(link.publicId, link.fileId, cookies)

    expect(await about()).toMatchObject({
      name: "report.pdf",
      size: 1234,
      contentType: "application/pdf",
    })
    expect(await db.event.count()).toBe(0)
    const ticket = await claimTicket(link)
    await expect(about()).rejects.toBeRefusal("gone")
    expect(await about(readVisitorCookies(() => ticket))).toMatchObject({ name: "report.pdf" })
  })

  it("refuses while locked, scheduled or unknown", async () => {
    const locked = await aLink({ passwordHash: "any" })
    const scheduled = await aLink({ startsAt: future() })

    await expect(describeFile(locked.publicId, locked.fileId, noCookies)).rejects.toBeRefusal(
      "locked",
    )
    await expect(describeFile(scheduled.publicId, scheduled.fileId, noCookies)).rejects.toBeRefusal(
      "forbidden",
    )
    await expect(describeFile(scheduled.publicId, locked.fileId, noCookies)).rejects.toThrow()
    await expect(describeFile(new Uint8Array(8), locked.fileId, noCookies)).rejects.toBeRefusal(
      "not_found",
    )
  })
})
