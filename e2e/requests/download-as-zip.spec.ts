import { randomBytes } from "node:crypto"
import { type Download, type Page, request } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { unpack } from "../files/unpack.ts"
import { type NewFile, uploadFiles } from "../files/upload-files.ts"
import { expect, test } from "../fixtures.ts"
import { read } from "../member-client.ts"
import { downloadBy } from "../network/send-click.ts"

/** More files than the page requests URLs for at once in one call, in `test:heavy`. */
const MANY = process.env.HEAVY ? 1_500 : 2

const aFile = (name: string, path = "", size = 2_000): NewFile => ({
  name,
  path,
  bytes: randomBytes(size),
})

/** Sends files to a request as one sender, and returns their ids. Without a name, it is not done. */
async function send(url: string, name: string | null, [first, ...others]: NewFile[]) {
  const guest = await request.newContext({ extraHTTPHeaders: { Origin: new URL(url).origin } })
  const post = (path: string, data?: object) => guest.post(url + path, data ? { data } : {})
  // The first file begins the delivery, to which the others belong.
  const ids = await uploadFiles({ post }, first ? [first] : [])
  ids.push(...(await uploadFiles({ post }, others)))
  if (name !== null) await read(await post("/done", { sender: { name } }), 200)
  await guest.dispose()
  return ids
}

const cardOf = (page: Page) => page.getByRole("region", { name: "Download as ZIP" })

/** Expects these files by their paths in an archive, and returns its LAPSE.txt. */
async function expectFiles(download: Download, into: string, files: [string, NewFile][]) {
  const found = unpack(await download.path(), into)
  const report = found.get("LAPSE.txt")?.toString() ?? ""
  found.delete("LAPSE.txt")
  expect([...found.keys()].toSorted()).toEqual(files.map(([path]) => path).toSorted())
  for (const [path, { bytes }] of files) expect(found.get(path)?.equals(bytes), path).toBe(true)
  return report
}

test("what several senders sent is downloaded as one ZIP, with a folder for each and without what is held", async ({
  installation,
  owner,
  ownerPage: page,
}, testInfo) => {
  test.setTimeout(process.env.HEAVY ? 600_000 : 120_000)
  const asked = { title: "Photos: party", folder: "Inbox" }
  const { id, url } = await read<{ id: string; url: string }>(
    await owner.post("/requests", asked),
    201,
  )
  const boat = aFile("boat.jpg")
  const film = aFile("film.mov", "day 1", 9_000_000)
  const other = aFile("boat.jpg")
  const named = await send(url, "Bo Berg", [boat, film])
  const [, held] = await send(url, "Bo Berg", [other, aFile("held.jpg")])
  const unnamed = aFile("boat.jpg")
  await send(url, "", [unnamed])
  await read(await owner.patch(`/requests/${id}`, { fields: { name: "required" } }), 200)
  await send(url, null, [aFile("early.jpg")])
  const many = Array.from({ length: MANY }, (_, at) => aFile(`${at}.jpg`, "Inbox/many", 500))
  await installation.query(
    `UPDATE file SET delivery_id = (SELECT delivery_id FROM file WHERE id = $1)
     WHERE id = ANY($2::uuid[])`,
    [named[0], await uploadFiles(owner, many)],
  )
  await installation.query("UPDATE file SET status = 'held', held_for = 'Eicar' WHERE id = $1", [
    held,
  ])
  const downloads: Download[] = []
  page.on("download", (download) => downloads.push(download))
  const ofNamed: [string, NewFile][] = [
    ["boat.jpg", boat],
    ["day 1/film.mov", film],
    ...many.map((file): [string, NewFile] => [`many/${file.name}`, file]),
  ]

  await page.goto(`/requests/${id}`)
  await expect(page.getByRole("heading", { name: "Still sending, no name yet" })).toBeVisible()
  await page.getByRole("button", { name: "Share all" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Create link" }).click()
  const shared = page.getByRole("dialog")
  await expect(shared.getByRole("heading", { name: "Your link is ready" })).toBeVisible()
  await shared.getByRole("button", { name: "Close" }).click()
  const { items } = await (await owner.get("/shares?q=Photos: party")).json()
  expect(items).toMatchObject([{ fileCount: MANY + 4 }])
  await page.getByRole("button", { name: "Download all as ZIP" }).dblclick()
  const all = `All ${(MANY + 4).toLocaleString("en")} files are in Photos_ party.zip.`
  await expect(cardOf(page)).toContainText(all, { timeout: MANY * 300 + 30_000 })
  await expect(cardOf(page)).toContainText(
    "1 file isn’t in the ZIP because it’s being checked or held.",
  )
  await expect(cardOf(page)).toContainText("1 sender who is still sending is left out.")
  await expectNoViolations(page, "a request and its ZIP")
  const [download] = downloads
  if (!download) throw new Error("Nothing was downloaded.")
  const report = await expectFiles(download, testInfo.outputPath("all"), [
    ...ofNamed.map(([path, file]): [string, NewFile] => [`Bo Berg/${path}`, file]),
    ["Bo Berg (2)/boat.jpg", other],
    ["Unnamed sender/boat.jpg", unnamed],
  ])
  expect(report).toMatch(/^Photos: party\nDownloaded on .*\.\n1 file isn’t in the ZIP because /)

  // The card stays when the member opens another page.
  const main = page.getByRole("navigation", { name: "Main" })
  await main.getByRole("link", { name: "Requests" }).click()
  await expect(page.getByRole("heading", { name: "Requests", level: 1 })).toBeVisible()
  await expect(cardOf(page)).toContainText(all)
  await cardOf(page).getByRole("button", { name: "Close" }).click()
  await expect(cardOf(page)).toHaveCount(0)

  // Complete files stay with their owner when the request is revoked.
  await read(await owner.post(`/requests/${id}/revoke`), 200)
  await page.goto(`/requests/${id}`)
  const one = await downloadBy(page, "Download the files of Bo Berg as ZIP")
  expect(one.suggestedFilename()).toBe("Photos_ party – Bo Berg.zip")
  await expectFiles(one, testInfo.outputPath("one"), ofNamed)
  expect(downloads).toHaveLength(2)
  const recorded = await installation.query<{ count: number }>(
    "SELECT count(*)::int FROM audit_entry WHERE action = 'file.download'",
  )
  expect(recorded[0]?.count).toBeGreaterThanOrEqual(2 * ofNamed.length + 2)
})
