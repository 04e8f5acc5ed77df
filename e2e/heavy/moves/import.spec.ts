import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { aPingvin } from "#testing/old-apps/a-pingvin.ts"
import { DAY } from "#testing/units.ts"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"

const END = Date.now() + 7 * DAY

test("an operator brings a Pingvin Share along, people open the links that it had sent, and the operator can leave again", async ({
  own,
  newPage,
  memberPage,
}) => {
  test.setTimeout(120_000)
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-pingvin-"))
  const data = path.join(place, "data")
  const pingvin = aPingvin(data)
  const grace = pingvin.user({ username: "Grace Hopper", email: "grace@example.org" })
  pingvin.share(
    { id: "harbour", name: "The harbour", creatorId: grace, views: 12, expiration: END },
    { "list.txt": "boats", "boat.png": "a boat" },
  )
  pingvin.share({ id: "draft", creatorId: grace, uploadLocked: 0 })
  pingvin.close()

  const looked = await own.lapse(["import", "pingvin", data])
  expect(looked.said).toContain("To import: 1 member, 2 files and 1 share, 11 bytes in all.")
  expect(looked.said).toContain("the share /share/draft")
  expect(looked.said).toContain("Nothing was changed. Add --apply to import.")
  const page = await newPage()
  expect((await page.goto("/share/harbour"))?.status()).toBe(404)

  await own.query("SELECT pg_advisory_lock(7203541199)") // like another import
  const second = await own.lapse(["import", "pingvin", data, "--apply"])
  expect([second.code, second.said]).toEqual([
    1,
    expect.stringContaining("Another import is running"),
  ])
  await own.query("SELECT pg_advisory_unlock(7203541199)")
  const imported = await own.lapse(["import", "pingvin", data, "--apply"])
  expect(imported).toMatchObject({ code: 0 })
  expect(imported.said).toContain("Imported 1 member, 2 files and 1 share.")
  for (const address of ["/share/harbour", "/s/harbour"]) {
    await expect(async () => {
      expect((await page.goto(address))?.status()).toBe(200)
    }).toPass({ timeout: 20_000 })
    await expect(page.getByRole("heading", { name: "The harbour" })).toBeVisible()
    await expect(page.getByText("Grace Hopper sent you")).toBeVisible()
  }
  expect(new URL(page.url()).pathname).toMatch(/^\/s\/[\w-]{32}$/)
  const row = page.getByRole("listitem").filter({ hasText: "list.txt" })
  const download = page.waitForEvent("download")
  await row.getByRole("button", { name: /Download/ }).click()
  expect(fs.readFileSync(await (await download).path(), "utf8")).toBe("boats")

  await memberPage.goto("/admin/audit")
  await expect(
    memberPage.getByText("started an import from Pingvin Share: 1 member, 2 files and 1 share"),
  ).toBeVisible()

  const again = await own.lapse(["import", "pingvin", data, "--apply"])
  expect(again.said).toContain("Imported 0 members, 0 files and 0 shares.")

  const left = path.join(place, "export")
  const exported = await own.lapse(["export", left, "--member", "grace@example.org"])
  expect(exported).toMatchObject({ code: 0 })
  expect(fs.readFileSync(path.join(left, "files/grace@example.org/list.txt"), "utf8")).toBe("boats")
  const [share = ""] = fs.readFileSync(path.join(left, "shares.jsonl"), "utf8").split("\n")
  expect(JSON.parse(share)).toMatchObject({ title: "The harbour", downloads: 1 })
  fs.rmSync(place, { recursive: true })
})
