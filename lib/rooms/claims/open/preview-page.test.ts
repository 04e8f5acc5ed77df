import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { inHours } from "#testing/units.ts"
import { openLink } from "./open-link.ts"
import { PagePreview, previewPage } from "./preview-page.ts"

type Link = { ownerId: string; shareId: string; publicId: Uint8Array }

const preview = ({ ownerId, shareId }: Link, input: object = {}, now = new Date()) => {
  const by = { owner: ownerId as PersonId, now }
  return previewPage(by, shareId, PagePreview.parse(input))
}
const visit = ({ publicId }: Link) =>
  openLink({ publicId, cookies: noCookies, kind: null, source: null })

const SITUATIONS: Record<string, Parameters<typeof aLink>[0]> = {
  "an open share": { files: ["b.pdf", "a.png", "c.bin"] },
  "a share without an end": { expiresAt: null, title: "" },
  "a limited share": { maxDownloads: 3, downloads: 1 },
  "a view-only share": { viewOnly: true, watermark: true },
  "a share without previews": { preview: false },
  "a share with a password": { passwordHash: "hash" },
  "a scheduled share": { startsAt: inHours(2) },
  "a scheduled share with a password": { startsAt: inHours(2), passwordHash: "hash" },
  "a used up share": { maxDownloads: 1, downloads: 1 },
  "an expired share with a password": { expiresAt: inHours(-1), passwordHash: "hash" },
  "a revoked share": { revokedAt: inHours(-1), startsAt: inHours(2) },
}

it.each(Object.entries(SITUATIONS))("shows %s as a visitor sees it", async (_name, conditions) => {
  const link = await aLink(conditions)

  const visited = await visit(link)
  const now = "now" in visited ? visited.now : new Date()
  expect(await preview(link, {}, now)).toMatchObject(visited)
})

it("shows a share without files as a visitor sees it", async () => {
  const link = await aLink({ maxDownloads: 2 })
  await db.file.updateMany({ data: { deletedAt: new Date() } })

  const visited = await visit(link)
  expect(visited.state).toBe("empty")
  const now = "now" in visited ? visited.now : new Date()
  expect(await preview(link, {}, now)).toMatchObject(visited)
})

it("shows the first part of a large share as a visitor sees it", async () => {
  const files = Array.from({ length: 501 }, (_, at) => `${at}.txt`)
  const link = await aLink({ files })

  const visited = await visit(link)
  const now = "now" in visited ? visited.now : new Date()
  expect(await preview(link, {}, now)).toMatchObject(visited)
})

it("shows conditions that are not saved, and what is behind the password and the start", async () => {
  const link = await aLink()
  const typed = { title: "Plans", message: "Mind the tide.", maxDownloads: 2, hasPassword: true }

  expect(await preview(link, typed)).toMatchObject({ state: "locked" })
  const startsAt = inHours(1).toISOString()
  const scheduled = await preview(link, { ...typed, startsAt })
  expect(scheduled).toMatchObject({ state: "scheduled", title: "" })
  const opened = await preview(link, { ...typed, startsAt, opened: true })
  expect(opened).toMatchObject({
    ...{ state: "open", title: "Plans", message: "Mind the tide." },
    ...{ downloadsLeft: 2, needsClaim: true },
  })
  const past = { expiresAt: inHours(-1).toISOString() }
  expect(await preview(link, { ...past, opened: true })).toMatchObject({ state: "expired" })
})

it("counts, mints and writes nothing, and shows no other member's share", async () => {
  const link = await aLink({ maxDownloads: 3 })
  const before = await everything()

  await Promise.all(
    Array.from({ length: 8 }, () => preview(link, { maxDownloads: 1, title: "New" })),
  )

  expect(await everything()).toEqual(before)
  const other = await aMember()
  await expect(preview({ ...link, ownerId: other })).rejects.toBeRefusal("not_found")
})

/** Everything that a visit or an edit could write. */
async function everything() {
  return {
    shares: await db.share.findMany(),
    links: await db.link.findMany(),
    files: await db.file.findMany(),
    objects: await db.object.findMany(),
    events: await db.event.count(),
    audit: await db.auditEntry.count(),
    counters: await db.$queryRaw`SELECT * FROM share_counter`,
  }
}
