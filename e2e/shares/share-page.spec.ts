import { HOUR, inHours } from "#testing/units.ts"
import { untilReady } from "../files/drop-files.ts"
import { aFile, uploadByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { click, open } from "../network/send-click.ts"

/** Visitors with another browser count separately. */
const firefox = (version: number) => ({ "User-Agent": `Mozilla/5.0 Firefox/${version}.0` })

test("the owner sees the link above the files and what happened, the settings beside them, on a phone below, and no chart of nothing", async ({
  owner,
  ownerPage: page,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { title: "What matters", maxDownloads: 10 })
  await page.goto(`/shares/${share.id}`)
  const region = (name: string) => page.getByRole("region", { name, exact: true })
  await expect(region("Who opened it")).toContainText("No one has opened this link yet.")
  await expect(region("Activity").getByRole("img")).toHaveCount(0)

  await open(await stranger(), share, firefox(140))
  await page.reload()
  const charts = region("Activity")
  await expect(charts.getByRole("img", { name: /^Views, .*: 1 in total/ })).toBeVisible()
  await expect(charts.getByRole("img")).toHaveCount(1)

  for (let n = 0; n < 4; n++) {
    const visitor = await stranger()
    await open(visitor, share, firefox(141 + n))
    await click(visitor, share, firefox(141 + n))
  }
  await page.reload()
  await expect(charts.getByRole("img")).toHaveAccessibleName(/^Views, .* Downloads, .*: 4 in total/)
  await expect(charts.getByRole("img")).toBeInViewport({ ratio: 1 })
  const numbers = region("Statistics")
  await expect(numbers.getByRole("term").first()).toHaveText("Downloads")
  await expect(numbers.getByRole("definition").first()).toHaveText("4 of 10")
  const terms = numbers.locator("dl").first().getByRole("term")
  const tops = terms.evaluateAll((all) => all.map((term) => term.getBoundingClientRect().top))
  expect(new Set(await tops).size).toBe(1)

  await expect(region("Who opened it").getByRole("listitem")).toHaveCount(3)
  await region("History").getByText("Earlier visitors").click()
  await expect(region("History").locator("ul").first().getByRole("listitem")).toHaveCount(2)

  const happened = ["Link", "1 file", "Activity", "Statistics", "Who opened it", "History"]
  const boxOf = async (name: string) =>
    (await region(name).boundingBox()) ?? { x: NaN, y: NaN, width: NaN }
  const expectInOrder = async (names: string[]) => {
    const tops = []
    for (const name of names) tops.push((await boxOf(name)).y)
    expect(tops).toEqual(tops.toSorted((a, b) => a - b))
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await expectInOrder(happened)
  const files = await boxOf("1 file")
  expect((await boxOf("Settings")).x).toBeGreaterThan(files.x + files.width)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectInOrder([...happened, "Settings"])
})

test("a share is extended with one press, on its page, in its menu and, if it expires soon, in its row, and Undo restores its end", async ({
  owner,
  ownerPage: page,
}) => {
  const later = await owner.share("later.pdf", { title: "Pier later", expiresAt: inHours(50) })
  const soon = await owner.share("soon.pdf", { title: "Pier soon", expiresAt: inHours(5) })
  const endOf = async ({ id } = soon) => (await (await owner.get(`/shares/${id}`)).json()).expiresAt
  const before = await endOf()
  const beforeLater = Date.parse(await endOf(later))
  const extended = new Date(Date.parse(before) + 48 * HOUR).toISOString()

  await page.goto(`/shares/${later.id}`)
  await expect(page.getByRole("button", { name: "Extend 7 days" })).toBeVisible()
  await page.goto("/shares?q=Pier later")
  await expect(page.getByRole("link", { name: "Pier later", exact: true })).toBeVisible()
  await expect(page.getByRole("button", { name: /^Extend/ })).toHaveCount(0)
  await page.getByRole("button", { name: "More actions for Pier later" }).click()
  await page.getByRole("menuitem", { name: "Extend 7 days" }).click()
  await expect(page.getByText(/^Extended until /)).toBeVisible()
  expect(Date.parse(await endOf(later)) - beforeLater).toBe(7 * 24 * HOUR)
  for (const path of [`/shares/${soon.id}`, "/shares?q=Pier"]) {
    await page.goto(path)
    await page.getByRole("button", { name: /^Extend 2 days( \(Pier soon\))?$/ }).click()
    await expect(page.getByText(/^Extended until /)).toBeVisible()
    await expect(page.getByRole("button", { name: /^Extend 2 days/ })).toHaveCount(0)
    expect(await endOf()).toBe(extended)
    await page.getByRole("button", { name: "Undo", exact: true }).click()
    await expect(page.getByText("Undone. The link expires as before.")).toBeVisible()
    await expect(page.getByRole("button", { name: /^Extend 2 days/ })).toBeVisible()
    expect(await endOf()).toBe(before)
  }
})

test("no press extends a share beyond the maximum duration", async ({
  admin,
  owner,
  ownerPage: page,
}) => {
  const share = await owner.share("short.pdf", { title: "Short", expiresAt: inHours(3.5) })
  const full = await owner.share("full.pdf", { title: "Full", expiresAt: inHours(23.8) })
  try {
    await admin.patch("/admin/settings", { maxShareDays: 1 })
    await page.goto(`/shares/${full.id}`)
    await expect(page.getByRole("heading", { name: "Full" })).toBeVisible()
    await expect(page.getByRole("button", { name: /^Extend/ })).toHaveCount(0)
    await page.goto(`/shares/${share.id}`)
    await untilReady(page)
    await page.getByRole("button", { name: "Extend 20 hours" }).click()
    await expect(page.getByText(/^Extended until /)).toBeVisible()
  } finally {
    await admin.patch("/admin/settings", { reset: ["maxShareDays"] })
  }
})

test("the app says in one place that links only work on this computer, and the SHA-256 of a file in its menu", async ({
  ownerPage: page,
  owner,
}) => {
  const sentence = page.getByText(/only works? on this computer/)
  await page.goto("/shares")
  await uploadByHand(page, [aFile("here.pdf")])
  await expect(sentence).toHaveCount(1)
  const { items } = await (await owner.get("/shares?q=here.pdf")).json()
  await page.goto(`/shares/${items[0].id}`)
  await expect(page.getByRole("textbox", { name: "Link" })).toBeVisible()
  await expect(sentence).toHaveCount(0)
  const files = page.getByRole("region", { name: "1 file" })
  await expect(files).toContainText("here.pdf")
  await files.getByRole("button", { name: "More actions for here.pdf" }).click()
  await page.getByRole("menuitem", { name: "Checksum…" }).click()
  await expect(page.getByLabel("SHA-256")).toHaveValue(/^[0-9a-f]{64}$/)
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await page.getByRole("button", { name: "Edit" }).click()
  await expect(page.getByRole("dialog").getByLabel("Link", { exact: true })).toBeVisible()
  await expect(sentence).toHaveCount(0)
})
