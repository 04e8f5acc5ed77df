import { unpack } from "../files/unpack.ts"
import { expect, test } from "../fixtures.ts"
import { click, downloadBy, leadsToStore, open } from "../network/send-click.ts"

test("a file and all files as one ZIP are downloaded under the production policy, also without JavaScript, and no answer can be framed, sniffed or cached by others", async ({
  owner,
  visitor,
  plainVisitor,
  stranger,
  installation,
}, testInfo) => {
  const names = ["one.txt", "three.txt", "two.txt"]
  const files = []
  for (const name of names) files.push(await owner.upload(name, Buffer.from(name)))
  const ids = files.map(({ id }) => id)
  const share = await owner.shareFiles(ids, { maxDownloads: 2 })
  for (const page of [plainVisitor, visitor]) {
    const answer = await page.goto(share.url)
    const policy = answer?.headers()["content-security-policy"] ?? ""
    expect(policy).toMatch(/script-src [^;]*'nonce-[^']+'/)
    expect(policy).not.toMatch(/script-src [^;]*'unsafe-(inline|eval)'/)
    expect(policy).toContain(`form-action 'self' ${installation.storeUrl}`)
    expect(await (await downloadBy(page, "Download one.txt")).failure()).toBeNull()
  }
  // The announcement of a download replaces the result of a ZIP.
  await expect(visitor.getByRole("status")).toHaveText(/^Download started/)
  // The announcement of a download replaces the result of a ZIP.
  await expect(visitor.getByRole("status")).toHaveText(/^Download started/)
  const page = await visitor.locator("#island").getAttribute("data-page")
  const worker = await visitor.request.get(JSON.parse(page ?? "").zipWorker)
  expect(worker.headers()["content-security-policy"]).toBe(
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${installation.storeUrl}`,
  )
  const zip = await downloadBy(visitor, /Download all/)
  const unpacked = unpack(await zip.path(), testInfo.outputPath("unpacked"))
  expect([...unpacked.keys()].toSorted()).toEqual(["LAPSE.txt", ...names])
  await expect(visitor.getByText(/^All 3 files are in .*\.zip\.$/)).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 2, status: "used_up" })

  const another = await owner.shareFiles(ids)
  const { pathname } = new URL(another.url)
  const person = await stranger()
  for (const path of ["/sign-in", pathname, "/nowhere", `${pathname.slice(0, -1)}!`]) {
    const headers = (await person.get(path)).headers()
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
    })
    expect(headers["strict-transport-security"]).toBeUndefined()
    expect(headers["x-powered-by"]).toBeUndefined()
    expect(headers["cache-control"], path).toMatch(/no-store|no-cache|private/)
  }
  // A click carries no authority, so it is accepted from any site.
  for (const headers of [{ Origin: "https://evil.example" }, { "Sec-Fetch-Site": "cross-site" }]) {
    const other = await stranger()
    await open(other, another)
    expect(leadsToStore(await click(other, another, headers))).toBe(true)
  }
})
