import { DAY, future } from "#testing/units.ts"
import { sideways } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"

test("a member shares a whole folder of sixty files by its path, finds what is in no share, and is told which link a deletion breaks; files of the share come and go, and of two searches for them the later one applies, whichever answer comes first", async ({
  owner,
  ownerPage: page,
}) => {
  const files = Array.from({ length: 60 }, (_, at) => {
    return { name: `${at}.jpg`, path: `album/trip/day ${at % 2}`, size: 1 + at }
  })
  await owner.post("/files/batch", { files })
  await owner.post("/files", { name: "loose.pdf", path: "album", size: 500 })

  await page.goto("/files?path=album")
  await page.getByLabel("Select all of trip").click()
  await expect(page.getByRole("region", { name: "60 files selected" })).toBeVisible()
  await page.getByRole("button", { name: "Create link" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click()
  const [share] = (await (await owner.get("/shares?limit=1")).json()).items
  expect(share).toMatchObject({ title: "trip", fileCount: 60 })

  await page.getByRole("link", { name: /^Not shared/ }).click()
  await expect(page.getByText("loose.pdf", { exact: true })).toBeVisible()
  await expect(page.getByText("59.jpg")).toHaveCount(0)
  const all = page.getByRole("link", { name: "All files 61" })
  await all.click()
  await expect(all).toHaveAttribute("aria-current", "page")
  await page.getByLabel("Sort by").selectOption("Largest first")
  await expect(
    page.getByRole("list", { name: "Files" }).getByRole("listitem").first(),
  ).toContainText("loose.pdf")
  await page.getByRole("checkbox", { name: "Select all" }).click()
  await expect(page.getByText("All 61 selected")).toBeVisible()

  await page.goto("/files?path=album/trip") // in the stored sort order
  await expect(page.getByLabel("Sort by")).toHaveValue("-size")
  await page.getByRole("button", { name: "More actions for day 1" }).click()
  await page.getByRole("menuitem", { name: "Rename…" }).click()
  await page.getByRole("textbox", { name: "Name" }).fill("second day")
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click()
  await page.getByRole("button", { name: "More actions for second day" }).click()
  await page.getByRole("menuitem", { name: "Move…" }).click()
  await page.getByRole("combobox", { name: "Folder" }).fill("album/kept/second day")
  await page.getByRole("dialog").getByRole("button", { name: "Move" }).click()
  await expect(page.getByText("30 files moved")).toBeVisible()
  await page.goto("/files?path=album/kept")
  await page.getByRole("button", { name: "More actions for second day" }).click()
  await page.getByRole("menuitem", { name: "Delete…" }).click()
  const asked = page.getByRole("alertdialog", { name: "Delete 30 files?" })
  await expect(asked.getByText("Removed immediately from this share:")).toBeVisible()
  await expect(asked.getByRole("link", { name: "trip" })).toBeVisible()
  await asked.getByRole("button", { name: "Delete 30 files" }).click()
  await expect(page.getByText("30 files deleted")).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({ abandonedFileCount: 30 })

  await page.goto(`/shares/${share.id}?q=56.jpg`)
  await page.getByRole("button", { name: "More actions for 56.jpg" }).click()
  await page.getByRole("menuitem", { name: "Remove from share" }).click()
  await expect(page.getByRole("heading", { name: "29 files" })).toBeVisible()
  await page.getByRole("button", { name: "Undo" }).click()
  await expect(page.getByRole("heading", { name: "30 files" })).toBeVisible()
  await page.getByRole("button", { name: "Add files…" }).click()
  const dialog = page.getByRole("dialog", { name: "Add files to the share" })
  await dialog.getByRole("searchbox").fill("loose")
  await dialog.getByRole("checkbox", { name: "loose.pdf" }).check()
  await dialog.getByRole("button", { name: "Add 1 file" }).click()
  await expect(page.getByRole("heading", { name: "31 files" })).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({
    url: share.url,
    fileCount: 61, // abandoned files are listed too
  })

  await owner.upload("slow-answer.pdf", Buffer.from("slow"))
  await owner.upload("quick-answer.pdf", Buffer.from("quick"))
  const other = await owner.share("survey.pdf")
  const gate = Promise.withResolvers<void>()
  await page.route("**/addable?q=slow", async (route) => {
    await gate.promise
    await route.continue()
  })
  await page.goto(`/shares/${other.id}`)
  await page.getByRole("button", { name: "Add files…" }).click()
  const adding = page.getByRole("dialog", { name: "Add files to the share" })
  await adding.getByRole("searchbox").fill("slow")
  await adding.getByRole("searchbox").fill("quick")
  const quick = adding.getByRole("checkbox", { name: "quick-answer.pdf" })
  await expect(quick).toBeVisible()
  await expect(adding.getByRole("checkbox")).toHaveCount(1)

  const late = page.waitForResponse("**/addable?q=slow")
  gate.resolve()
  await (await late).finished()
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  await expect(quick).toBeVisible()
  await expect(adding.getByRole("checkbox")).toHaveCount(1)
})

test("a member pages through sixty shares in both directions, revokes all of them at once, undoes that and extends them", async ({
  browse,
  join,
}) => {
  // A separate member, because the sort order is stored for each member.
  const owner = await join("Sixten Sort")
  const page = await browse({ storageState: await owner.context.storageState() })
  const { id } = await owner.upload("survey.pdf", Buffer.from("bytes"))
  const expiresAt = future().toISOString()
  const titles = Array.from({ length: 60 }, (_, at) => `Sixtieth ${String(at).padStart(2, "0")}`)
  for (let at = 0; at < 60; at += 10) {
    const ten = titles.slice(at, at + 10)
    await Promise.all(ten.map((title) => owner.shareFiles([id], { title, expiresAt })))
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto("/shares")
  await expect(
    page.getByRole("list", { name: "Shares" }).getByRole("listitem").nth(9),
  ).toBeInViewport({ ratio: 1 })
  await page.goto("/shares?q=sixtieth")
  await expect(page.getByRole("searchbox")).toHaveCount(0)
  await expect(page.getByRole("link", { name: "Clear search: sixtieth" })).toBeVisible()
  const tabs = page.getByRole("navigation", { name: "Filter" })
  await expect(tabs.getByRole("link", { name: "Open 60" })).toBeVisible()
  const rows = page.getByRole("list", { name: "Shares" }).getByRole("listitem")
  await page.getByLabel("Sort by").selectOption("Name, A to Z")
  await expect(rows.first()).toContainText("Sixtieth 00")
  await page.getByRole("link", { name: "Next" }).click()
  await expect(rows.first()).toContainText("Sixtieth 50")
  await page.getByRole("link", { name: "Previous" }).click()
  await expect(rows.first()).toContainText("Sixtieth 00")

  await page.getByRole("checkbox", { name: "Select all" }).click()
  await expect(page.getByText("All 60 selected")).toBeVisible()
  await page.getByRole("button", { name: "Revoke…" }).click()
  const asked = page.getByRole("alertdialog", { name: "Revoke 60 shares?" })
  await asked.getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(tabs.getByRole("link", { name: "Revoked 60" })).toBeVisible()
  await page.getByRole("button", { name: "Undo" }).click()
  await expect(tabs.getByRole("link", { name: "Open 60" })).toBeVisible()

  await page.getByRole("checkbox", { name: "Select all" }).click()
  await page.getByRole("button", { name: "Extend", exact: true }).click()
  await page.getByRole("menuitem", { name: "7 days from now" }).click()
  await expect(page.getByText("60 shares extended")).toBeVisible()
  const { items, total } = await (await owner.get("/shares?q=sixtieth&sort=end&limit=1")).json()
  expect(total).toBe(60)
  expect(Date.parse(items[0].expiresAt) - Date.now()).toBeGreaterThan(6 * DAY)
  expect(items[0].status).toBe("open")
})

test("long titles and names are read whole in the lists, on a tablet and on narrow and wide screens", async ({
  browse,
  join,
  admin,
}) => {
  const member = await join("Lena Long")
  const name = "Quarterly_report_of_the_harbour_office_2026_final_version_3.pdf"
  const title = "Plans and drawings of the new harbour office, third revision"
  await member.upload(name, Buffer.from("a"), "application/pdf", "reports of the harbour office")
  const file = await member.upload(name, Buffer.from("b"), "application/pdf")
  await member.shareFiles([file.id], { title })
  await member.shareFiles([file.id])
  const page = await browse({ storageState: await member.context.storageState() })
  const adminPage = await browse({ storageState: await admin.context.storageState() })
  for (const [of, url, texts] of [
    [page, "/shares", [title, name]],
    [page, "/files", [name, "reports of the harbour office"]],
    [adminPage, "/admin/shares", [title, name]],
    [adminPage, "/admin/files", [name]],
  ] as const) {
    await of.goto(url)
    for (const width of [390, 768, 1024, 1280]) {
      await of.setViewportSize({ width, height: 800 })
      for (const text of texts) {
        const shown = of
          .locator("li [title]")
          .and(of.getByTitle(text, { exact: true }))
          .first()
        const cut = await shown.evaluate(
          (element) =>
            element.scrollHeight > element.clientHeight ||
            element.scrollWidth > element.clientWidth,
        )
        expect(cut, `${text} at ${width} px on ${url}`).toBe(false)
      }
      expect(await sideways(of), `${url} at ${width} px scrolls sideways`).toBe(0)
    }
  }
})
