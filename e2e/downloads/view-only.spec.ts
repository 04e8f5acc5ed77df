import { expect, test } from "../fixtures.ts"

// The store's answer is sandboxed: it runs no script, including those of the browser driver.
test.use({ allowed: [/Blocked script execution in /] })

test("a visitor without JavaScript opens a view-only link with a limit once, and views its file", async ({
  owner,
  plainVisitor,
  request,
}) => {
  const { id } = await owner.upload("notes.txt", Buffer.from("the notes"))
  const share = await owner.shareFiles([id], { viewOnly: true, maxDownloads: 1 })
  const open = plainVisitor.getByRole("button", { name: "Open files" })

  await plainVisitor.goto(share.url)
  await open.click()
  await expect(plainVisitor).toHaveURL(share.url)
  await expect(open).toHaveCount(0)

  const shown = await plainVisitor.goto(`${share.url}/p/${id}`)
  expect(shown?.headers()["content-type"]).toBe("text/plain; charset=utf-8")
  expect(new URL(plainVisitor.url()).origin).not.toBe(new URL(share.url).origin)
  expect(await shown?.text()).toBe("the notes")
  expect((await request.get(share.url)).status()).toBe(410)
  expect(await owner.readShare(share.id)).toMatchObject({ views: 1, downloads: 1, previews: 1 })
})

test("a view-only link serves no download, to a click or to curl", async ({ owner, request }) => {
  const { id } = await owner.upload("notes.txt", Buffer.from("the notes"))
  const share = await owner.shareFiles([id], { viewOnly: true, direct: true })
  const ask = { headers: { accept: "application/json", "user-agent": "curl/8.14.1" } }

  for (const answer of [
    await request.get(`${share.url}/d/${id}`, ask),
    await request.post(`${share.url}/d/${id}`, ask),
  ]) {
    expect([answer.status(), (await answer.json()).code]).toEqual([403, "view_only"])
  }
  const claimed = await request.post(`${share.url}/claim`, ask)
  expect((await claimed.json()).files).toEqual([
    { id, name: "notes.txt", path: "", size: 9, sha256: null, sha256Verified: false },
  ])
})
