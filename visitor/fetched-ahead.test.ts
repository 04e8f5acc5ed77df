import { expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { aVisitor, leadsToStore } from "#testing/a-visitor.ts"

const countsOf = async (shareId: string) => {
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { views: true, botViews: true, downloads: true },
  })
  return [Number(_sum.views ?? 0), Number(_sum.botViews ?? 0), Number(_sum.downloads ?? 0)]
}

const DOCUMENT = { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" }

/** What browsers send with a fetch that no person has asked for, and the status of the page. */
const AHEAD: [browser: string, headers: Record<string, string>, status: number][] = [
  [
    "Chromium, for a link it is told to prefetch",
    { "sec-purpose": "prefetch", "sec-fetch-dest": "empty" },
    403,
  ],
  ["Chromium, by speculation rules", { "sec-purpose": "prefetch", ...DOCUMENT }, 403],
  [
    "Chromium, through a proxy for privacy",
    { "sec-purpose": "prefetch;anonymous-client-ip", ...DOCUMENT },
    403,
  ],
  ["Chromium, rendering a page ahead", { "sec-purpose": "prefetch;prerender", ...DOCUMENT }, 403],
  [
    "Chromium, sending both names",
    { "sec-purpose": "prefetch", purpose: "prefetch", ...DOCUMENT },
    403,
  ],
  ["an older Chromium", { purpose: "prefetch" }, 200],
  ["Firefox", { "sec-purpose": "prefetch", "sec-fetch-dest": "empty" }, 403],
  ["an older Firefox", { "x-moz": "prefetch" }, 200],
  ["Safari", { "x-purpose": "preview" }, 200],
  ["an older Safari", { purpose: "preview" }, 200],
]

it.each(AHEAD)("%s fetches ahead: no view and no download", async (_, headers, status) => {
  const link = await aLink({ direct: true, maxDownloads: 1 })
  const { go } = aVisitor()
  const file = `/s/${link.token}/d/${link.fileId}`

  expect((await go(`/s/${link.token}`, { headers })).status).toBe(status)
  expect(leadsToStore(await go(file, { headers }))).toBe(false)

  expect(await countsOf(link.shareId)).toEqual([0, 1, 0])
  expect(leadsToStore(await go(file))).toBe(true)
})

it("a page that a browser fetched ahead is asked for again and then counted", async () => {
  const link = await aLink()
  const { go } = aVisitor()

  const ahead = await go(`/s/${link.token}`, { headers: { "sec-purpose": "prefetch;prerender" } })
  expect([ahead.status, ahead.body, ahead.headers]).toEqual([
    403,
    null,
    [["Cache-Control", "private, no-store"]],
  ])
  expect((await go(`/s/${link.token}`)).status).toBe(200)

  expect(await countsOf(link.shareId)).toEqual([1, 1, 0])
})

it.each(["none", ""])("a request whose Sec-Purpose is %o is a person's", async (purpose) => {
  const link = await aLink()

  await aVisitor().go(`/s/${link.token}`, { headers: { "sec-purpose": purpose } })

  expect(await countsOf(link.shareId)).toEqual([1, 0, 0])
})
