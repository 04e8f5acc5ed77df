import { expect, it } from "vitest"
import { aLink } from "#testing/builders/a-link.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { aClient, isSigned } from "#testing/visitors/visitor-client.ts"

const DOCUMENT = { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" }

/** The headers of speculative requests by browser, and the expected status of the page. */
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
  const { send } = aClient()
  const file = `/s/${link.token}/d/${link.fileId}`

  expect((await send("GET", `/s/${link.token}`, { headers })).status).toBe(status)
  expect(isSigned(await send("GET", file, { headers }))).toBe(false)

  expect(await countsOf(link.shareId)).toMatchObject({ views: 0, botViews: 1, downloads: 0 })
  expect(isSigned(await send("GET", file))).toBe(true)
})

it("a page that a browser fetched ahead is requested again and then counted", async () => {
  const link = await aLink()
  const { send } = aClient()

  const ahead = await send("GET", `/s/${link.token}`, {
    headers: { "sec-purpose": "prefetch;prerender" },
  })
  expect([ahead.status, ahead.body, ahead.headers]).toEqual([
    403,
    null,
    [["Cache-Control", "private, no-store"]],
  ])
  expect((await send("GET", `/s/${link.token}`)).status).toBe(200)

  expect(await countsOf(link.shareId)).toMatchObject({ views: 1, botViews: 1, downloads: 0 })
})

it.each(["none", ""])("a request whose Sec-Purpose is %o is a person's", async (purpose) => {
  const link = await aLink()

  await aClient().send("GET", `/s/${link.token}`, { headers: { "sec-purpose": purpose } })

  expect(await countsOf(link.shareId)).toMatchObject({ views: 1, botViews: 0, downloads: 0 })
})
