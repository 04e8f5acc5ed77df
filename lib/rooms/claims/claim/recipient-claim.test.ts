import { describe, expect, it } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { click, type Link, noCookies, source } from "#testing/look-and-click.ts"
import { openLink } from "../open/open-link.ts"

const rowOf = ({ linkId }: Link) => db.link.findUniqueOrThrow({ where: { id: linkId } })
const open = ({ publicId }: Link, kind: "view" | "bot_view" | null = "view") =>
  openLink({ publicId, cookies: noCookies, kind, source })
const granted = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === "fulfilled").length

/** The recipients of one share: two with a limit of their own, two without. */
async function someRecipients(conditions: Parameters<typeof aLink>[0] = {}) {
  const link = await aLink(conditions)
  const recipients: Link[] = []
  for (const maxDownloads of [3, null, 8, null])
    recipients.push(await aRecipientOf(link, { name: "Maria", maxDownloads }))
  return { link, recipients }
}

describe("the claims of recipients", () => {
  it("count for the recipient and for the share, as far as each one's limit", async () => {
    const { link, recipients } = await someRecipients()

    const clicks = Array.from({ length: 15 }, () =>
      [link, ...recipients].map((each) => click(each)),
    )
    const results = await Promise.allSettled(clicks.flat())

    expect(granted(results)).toBe(3 + 15 + 8 + 15 + 15)
    expect((await Promise.all(recipients.map(rowOf))).map(({ downloads }) => downloads)).toEqual([
      3, 15, 8, 15,
    ])
    expect(await rowOf(link)).toMatchObject({ downloads: 0, views: 0, openedAt: null })
    expect(await countsOf(link.shareId)).toMatchObject({ downloads: 56 })
  })

  it("fill the share's limit exactly, each within their own", async () => {
    const { link, recipients } = await someRecipients({ maxDownloads: 20 })

    const clicks = Array.from({ length: 15 }, () => recipients.map((each) => click(each)))
    expect(granted(await Promise.allSettled(clicks.flat()))).toBe(20)

    const rows = await Promise.all(recipients.map(rowOf))
    expect(rows.reduce((sum, { downloads }) => sum + downloads, 0)).toBe(20)
    for (const { downloads, maxDownloads } of rows)
      expect(downloads).toBeLessThanOrEqual(maxDownloads ?? 15)
    expect(await countsOf(link.shareId)).toMatchObject({ downloads: 20 })
  })

  it("count in the limit that is set later", async () => {
    const { recipients } = await someRecipients()
    const [, maria] = recipients
    if (!maria) throw new Error("there is such a recipient")
    for (let n = 0; n < 3; n++) await click(maria)

    await db.link.update({ where: { id: maria.linkId }, data: { maxDownloads: 4 } })

    const results = await Promise.allSettled(Array.from({ length: 10 }, () => click(maria)))
    expect(granted(results)).toBe(1)
  })

  it("never deadlock with views, whatever limits there are", { timeout: 60_000 }, async () => {
    const shares = await Promise.all([someRecipients(), someRecipients({ maxDownloads: 1_000 })])
    const links = shares.flatMap(({ link, recipients }) => [link, ...recipients])
    await pool().query("UPDATE link SET max_downloads = 1000 WHERE max_downloads IS NOT NULL")

    const asked = Array.from({ length: 600 }, (_, n) => {
      const link = links[(n * 7) % links.length] ?? links[0]
      if (!link) throw new Error("there is such a link")
      return n % 3 === 0 ? open(link) : n % 3 === 1 ? open(link, "bot_view") : click(link)
    })
    const failed = (await Promise.allSettled(asked)).filter(({ status }) => status === "rejected")

    expect(failed).toEqual([])
  })
})

describe("the views of a recipient", () => {
  it("count beside the share's, and say when the link was first opened", async () => {
    const link = await aLink()
    const maria = await aRecipientOf(link, { name: "Maria" })
    await open(maria, "bot_view")
    expect(await rowOf(maria)).toMatchObject({ views: 0, openedAt: null })

    await Promise.all([open(maria), open(maria), open(link)])
    const { views, openedAt } = await rowOf(maria)
    expect([views, openedAt]).toEqual([2, expect.any(Date)])
    expect(await countsOf(link.shareId)).toMatchObject({ views: 3 })

    await open(maria)
    expect(await rowOf(maria)).toMatchObject({ views: 3, openedAt })
  })

  it("of a locked page do not count as opened", async () => {
    const link = await aLink({ passwordHash: "x", recipient: { name: "Maria" } })
    await open(link)
    expect(await rowOf(link)).toMatchObject({ views: 1, openedAt: null })
  })
})
