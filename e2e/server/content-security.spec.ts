import { unpack } from "../files/unpack.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

for (const javaScriptEnabled of [true, false]) {
  test(`a click works under the production policy ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({
    owner,
    browse,
    installation,
  }) => {
    const share = await owner.share("survey.pdf")
    const visitor = await browse({ javaScriptEnabled })

    const page = await visitor.goto(share.url)
    const policy = page?.headers()["content-security-policy"] ?? ""
    expect(policy).toMatch(/script-src [^;]*'nonce-[^']+'/)
    expect(policy).not.toMatch(/script-src [^;]*'unsafe-(inline|eval)'/)
    expect(policy).toContain(`form-action 'self' ${installation.storeUrl}`)
    expect(policy).toContain("frame-ancestors 'none'")

    const download = await downloadBy(visitor, /^Download/)
    expect(await download.failure()).toBeNull()
    expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
  })
}

test("all files are downloaded with one button and one claim, under the production policy", async ({
  owner,
  visitor,
  installation,
}, testInfo) => {
  const files = [
    await owner.upload("one.txt", Buffer.from("one")),
    await owner.upload("two.txt", Buffer.from("two")),
    await owner.upload("three.txt", Buffer.from("three")),
  ]
  const share = await owner.shareFiles(
    files.map(({ id }) => id),
    { maxDownloads: 1 },
  )
  await visitor.goto(share.url)
  const page = await visitor.locator("#island").getAttribute("data-page")
  const worker = await visitor.request.get(JSON.parse(page ?? "").zipWorker)
  const download = await downloadBy(visitor, /Download all/)

  expect(worker.headers()["content-security-policy"]).toBe(
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${installation.storeUrl}`,
  )
  const names = [...unpack(await download.path(), testInfo.outputPath("unpacked")).keys()]
  expect(names.toSorted()).toEqual(["LAPSE.txt", "one.txt", "three.txt", "two.txt"])
  await expect(visitor.getByText(/^All 3 files are in .*\.zip\.$/)).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })
})

test("no answer can be framed, sniffed or cached by others", async ({ owner, stranger }) => {
  const share = await owner.share("survey.pdf")
  const { pathname } = new URL(share.url)
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
})
