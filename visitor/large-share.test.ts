import { expect, test } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { aShareOfFiles } from "#testing/builders/a-share-of-files.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { aClient, askVisitor } from "#testing/visitors/visitor-client.ts"
import type { Answer } from "./exchange.ts"

/** A share with 40 folders of 50 files each, such as "trip/day 7/IMG 12.jpg". */
const aLargeShare = () =>
  aShareOfFiles(
    Array.from({ length: 2_000 }, (_, n) => ({
      name: `IMG ${n % 50}.jpg`,
      path: `trip/day ${Math.floor(n / 50)}`,
    })),
  )

const bodyOf = ({ body }: Answer) => (typeof body === "string" ? body : "")
const get = async (path: string) => bodyOf(await askVisitor({ method: "GET", path, by: "person" }))
const listedIn = (html: string) =>
  [...html.matchAll(/action="[^"]*\/d\/([^"]+)"/g)].map(([, id]) => id ?? "")
const nextOf = (html: string) => /href="([^"]*)#files"[^>]* rel="next"/.exec(html)?.[1]

test("a page lists at most 500 rows, its links lead to every file once, and one view is counted", async () => {
  const { token, shareId, ids } = await aLargeShare()
  const seen: string[] = []
  let pages = 0
  for (let path: string | undefined = `/s/${token}`; path; pages++) {
    const html = await get(path.replaceAll("&amp;", "&"))
    const listed = listedIn(html)
    expect(listed.length + [...html.matchAll(/<summary/g)].length).toBeLessThan(520)
    expect(html.length).toBeLessThan(700_000)
    seen.push(...listed)
    path = nextOf(html)
  }
  expect(pages).toBe(5)
  expect(seen).toHaveLength(2_000)
  expect(new Set(seen)).toEqual(new Set(ids))
  expect(await countsOf(shareId)).toMatchObject({ views: 1, botViews: 0 })
})

test("the tree is complete: each folder shows its counts, and links to its files", async () => {
  const { token } = await aLargeShare()
  const html = await get(`/s/${token}`)
  expect(html).toContain("2,000 files, 20 kB total")
  expect([...html.matchAll(/<bdi>day \d+<\/bdi>/g)]).toHaveLength(40)
  expect([...html.matchAll(/50 files · 500/g)]).toHaveLength(40)
  const [, place = ""] = /\?(after=[^"#]*day\+30)#files/.exec(html) ?? []
  const there = await get(`/s/${token}?${place}`)
  const [, opened = ""] = there.split("<details open")
  expect(opened).toMatch(/<bdi>trip<\/bdi>/)
  const [first] = listedIn(there)
  expect(await db.file.findUnique({ where: { id: first ?? "" } })).toMatchObject({
    path: "trip/day 30",
    name: "IMG 0.jpg",
  })
})

test("a search covers all files, also those that are not listed", async () => {
  const { token } = await aLargeShare()
  const html = await get(`/s/${token}?q=DAY+39/img+7`)
  expect(listedIn(html)).toHaveLength(1)
  expect(html).toContain("1 file matching “DAY 39/img 7”")
})

test("the state names the files that a page lists, or the requested ones", async () => {
  const { token, ids } = await aLargeShare()
  const state = async (query: string) => JSON.parse(await get(`/s/${token}/state${query}`))
  const whole = await state("")
  expect(whole.files).toHaveLength(500)
  expect(whole.counts).toMatchObject({ ready: 2_000, arriving: 0 })
  const last = ids.at(-1)
  await db.file.update({ where: { id: last ?? "" }, data: { status: "uploading" } })
  const after = whole.files.at(-1).id
  expect((await state(`?after=${after}`)).files).toHaveLength(500)
  const named = await state(`?files=${last},${ids[3]},none`)
  expect(named.files.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual(
    [
      [ids[3], "ready"],
      [last, "uploading"],
    ],
  )
  expect(named.counts).toMatchObject({ ready: 1_999, arriving: 1 })
})

type Claimed = { files: { path: string; name: string; url: string }[] }

async function claim(token: string, body: object) {
  const headers = { "content-type": "application/json", accept: "application/json" }
  const asked = { headers, body: JSON.stringify(body), by: "person" } as const
  const { status, body: answer } = await aClient().send("POST", `/s/${token}/claim`, asked)
  let text = typeof answer === "string" ? answer : ""
  if (answer && typeof answer !== "string") for await (const part of answer) text += part
  const parsed: Claimed & { code?: string; title?: string } = JSON.parse(text)
  return { status, ...parsed }
}

test("a claim may be of a whole folder, or of the search results in it", async () => {
  const { token, shareId } = await aLargeShare()
  const folder = await claim(token, { folder: "trip/day 3" })
  expect(folder.files).toHaveLength(50)
  expect(new Set(folder.files.map(({ path }) => path))).toEqual(new Set(["trip/day 3"]))
  expect((await claim(token, { folder: "trip" })).files).toHaveLength(2_000)
  expect((await claim(token, { folder: "trip/day 3", q: "img 4" })).files).toHaveLength(11)
  expect(await countsOf(shareId)).toMatchObject({ downloads: 3 })
  expect(await claim(token, { folder: "elsewhere" })).toMatchObject({ status: 404 })
  expect(await claim(token, { folder: "" })).toMatchObject({ status: 400 })
  expect(await countsOf(shareId)).toMatchObject({ downloads: 3 })
})

test("a claim of a folder reveals nothing of the folders of a locked share", async () => {
  const { token, shareId } = await aLargeShare()
  const passwordHash = await hashPassword("a quiet harbour")
  await db.share.update({ where: { id: shareId }, data: { passwordHash } })
  const [there, elsewhere] = [
    await claim(token, { folder: "trip" }),
    await claim(token, { folder: "elsewhere" }),
  ]
  expect(there).toMatchObject({ status: 401, code: "locked" })
  expect(elsewhere).toEqual(there)
  expect(await get(`/s/${token}?after=/trip/day+3&q=img`)).not.toContain("IMG")
})

test("a page ignores ids in its URL, and counts its view", async () => {
  const { token, shareId, ids } = await aLargeShare()
  const [plain, named] = [await get(`/s/${token}`), await get(`/s/${token}?files=${ids[3]}`)]
  expect(listedIn(named)).toEqual(listedIn(plain))
  expect(await countsOf(shareId)).toMatchObject({ views: 2 })
})

/** A search with one result, because rendering 500 rows would take longer than the queue. */
const ONE_ROW = "?q=DAY+39/img+7"

test("pages of large shares wait in one queue, whatever their networks", async () => {
  const { token } = await aLargeShare()
  const path = `/s/${token}${ONE_ROW}`
  const flood = Array.from({ length: 160 }, (_, n) =>
    askVisitor({ method: "GET", path, by: "person", address: `10.0.${n % 40}.1` }),
  )
  const statuses = (await Promise.all(flood)).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
})

test("few pages of large shares are read at once, and a flooding client yields to others", async () => {
  const { token } = await aLargeShare()
  const from = (address: string, search = "") =>
    askVisitor({ method: "GET", path: `/s/${token}${search}`, by: "person", address })
  const searches = Array.from({ length: 145 }, () => from("192.0.2.1", ONE_ROW))
  const lists = Array.from({ length: 5 }, () => from("192.0.2.1"))
  const other = from("198.51.100.1")
  const flooded = await Promise.all([...searches, ...lists])
  expect((await Promise.all(lists)).map(({ status }) => status)).toContain(503)
  const statuses = Object.groupBy(flooded, ({ status }) => status)
  expect((await other).status).toBe(200)
  expect(Object.keys(statuses)).toEqual(["200", "503"])
  const [refused] = statuses[503] ?? []
  expect(refused?.headers).toContainEqual(["Retry-After", "5"])
})
