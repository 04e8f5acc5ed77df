import { randomBytes, randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { signOut } from "#lib/rooms/accounts/sign-in/session.ts"
import type { LiveNumbers } from "#lib/rooms/activity/live.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { visitorSourceOf } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { rollViews } from "#lib/rooms/shares/roll-views.ts"
import { makeSessionCookie, sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { acting } from "#testing/builders/acting.ts"
import { callApi } from "#testing/call-api.ts"

const GET = "GET /shares/live"

const NOTHING = { ticket: null, unlock: null, visitId: null }

type Ask = { as: string | null; ids: string[]; more?: string; known?: string | null }

const ask = ({ as, ids, more = "", known = null }: Ask) =>
  callApi(GET, {
    as,
    query: `?ids=${ids}${more}`,
    ...(known !== null && { headers: { "if-none-match": known } }),
  })

async function numbersOf(asked: Ask): Promise<LiveNumbers[]> {
  const answer = await ask(asked)
  expect(answer.status).toBe(200)
  return (await answer.json()).items
}

async function visit({ publicId }: { publicId: Uint8Array }, address = "203.0.113.7") {
  const visitor = { userAgent: "Mozilla/5.0 Firefox/150.0", referrer: "", address, publicId }
  const source = await visitorSourceOf(visitor)
  await openLink({ publicId, cookies: NOTHING, kind: "view", source })
}

describe("GET /api/v1/shares/live", () => {
  it("answers with the current counters, and 304 to a page that has them", async () => {
    const { ownerId: as, shareId, ...link } = await aLink()
    const ids = [shareId]
    const first = await ask({ as, ids })
    expect(await first.json()).toEqual({
      items: [
        {
          id: shareId,
          status: "open",
          version: expect.stringMatching(/^[0-9a-f]{32}$/),
          views: 0,
          visitors: null,
          downloads: 0,
          viewers: 0,
          previews: 0,
          botViews: 0,
        },
      ],
    })
    expect(first.headers.get("cache-control")).toBe("no-store")
    const known = first.headers.get("etag")

    const same = await ask({ as, ids, known })
    expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([304, "", known])

    await visit(link)
    const changed = await ask({ as, ids, known })
    expect(changed.status).toBe(200)
    expect(changed.headers.get("etag")).not.toBe(known)
    expect(await changed.json()).toMatchObject({ items: [{ views: 1 }] })

    await db.share.update({ where: { id: shareId }, data: { revokedAt: new Date() } })
    expect(await numbersOf({ as, ids })).toMatchObject([{ views: 1, status: "revoked" }])
  })

  it("has the version of each share, which changes with the share and not with its counters", async () => {
    const { ownerId, shareId, publicId, fileIds } = await aLink({ maxDownloads: 3 })
    const owner = ownerId as PersonId
    const version = async () => {
      const [live] = await numbersOf({ as: ownerId, ids: [shareId] })
      expect(live?.version).toBe((await requireShare(owner, shareId)).version)
      return live?.version
    }
    const first = await version()
    await visit({ publicId })
    const source = { agent: null, referrer: null, visitor: randomBytes(16) }
    await claim({ publicId, fileIds, cookies: NOTHING, directOnly: false, source })
    await rollViews()
    expect(await version()).toBe(first)

    const seen = new Set([first])
    for (const change of [
      () => editShare(acting(owner), shareId, { title: "Another" }),
      () => editShare(acting(owner), shareId, { password: "open sesame" }),
      () => editShare(acting(owner), shareId, { password: "another one" }),
      () => revokeShare(owner, shareId),
      async () => revokeShares(await anAdmin(), { ids: [shareId], dryRun: false }),
      () => db.share.update({ where: { id: shareId }, data: { revokedAt: null } }),
      () => db.share.update({ where: { id: shareId }, data: { openQuestions: 1 } }),
      () => db.share.update({ where: { id: shareId }, data: { expiresAt: new Date() } }),
    ]) {
      await change()
      seen.add(await version())
    }
    expect(seen.size).toBe(9)
  })

  it("counts the visitors of the share for which they are asked", async () => {
    const { ownerId: as, shareId, ...link } = await aLink()
    await visit(link)
    await visit(link)
    await visit(link, "203.0.113.8")
    const more = `&visitors=${shareId}`
    expect(await numbersOf({ as, ids: [shareId], more })).toMatchObject([{ views: 3, visitors: 2 }])
    const other = `&visitors=${randomUUID()}`
    expect(await numbersOf({ as, ids: [shareId], more: other })).toMatchObject([
      { views: 3, visitors: null },
    ])
  })

  it("never answers anything of other members' shares", async () => {
    const [mine, other] = [await aLink(), await aLink()]
    await visit(other)
    const ids = [other.shareId, mine.shareId, mine.shareId, randomUUID()]
    const items = await numbersOf({ as: mine.ownerId, ids, more: `&visitors=${other.shareId}` })
    expect(items.map(({ id }) => id)).toEqual([mine.shareId])
  })

  it("refuses an invalid list of ids, and more ids than a page lists", async () => {
    const { ownerId: as, shareId } = await aLink()
    const most = Array.from({ length: 200 }, () => shareId)
    expect((await ask({ as, ids: most })).status).toBe(200)
    for (const ids of [[], ["x"], [...most, shareId]])
      expect((await ask({ as, ids })).status).toBe(400)
    expect((await callApi(GET, { as })).status).toBe(400)
    expect((await ask({ as, ids: [shareId], more: "&visitors=1" })).status).toBe(400)
  })

  it("answers 401 without a session or after its end, also to a page that has the counters", async () => {
    const { ownerId, shareId } = await aLink()
    expect((await ask({ as: null, ids: [shareId] })).status).toBe(401)
    const session = await aSession(ownerId)
    const cookie = `${sessionCookieName()}=${await makeSessionCookie(session)}`
    const query = `?ids=${shareId}`
    const first = await callApi(GET, { as: null, query, headers: { cookie } })
    expect(first.status).toBe(200)

    await signOut(session)
    const headers = { cookie, "if-none-match": first.headers.get("etag") ?? "" }
    expect((await callApi(GET, { as: null, query, headers })).status).toBe(401)
  })
})
