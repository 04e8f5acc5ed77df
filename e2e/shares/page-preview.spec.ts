import type { Page } from "@playwright/test"
import { expect, test } from "../fixtures.ts"

// The browser logs refused conditions, and actions that are blocked in the preview.
test.use({ allowed: [/status of 400|Blocked (form submission|opening) /] })

async function edit(page: Page, title: string) {
  await page.goto(`/shares?q=${title}`)
  await page.getByRole("button", { name: `More actions for ${title}` }).click()
  await page.getByRole("menuitem", { name: "Edit", exact: true }).click()
  await expect(page.getByRole("dialog", { name: title })).toBeVisible()
  return page.getByRole("dialog") // its name changes with the title
}

test("a member sees the visitor's page while changing its settings, also what is refused", async ({
  owner,
  ownerPage: page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 })
  await owner.share("survey.pdf", { title: "Soundings" })
  const dialog = await edit(page, "Soundings")
  const frame = dialog.frameLocator("iframe")
  await expect(frame.getByRole("heading", { name: "Soundings" })).toBeVisible()
  await expect(frame.getByRole("button", { name: /^Download/ })).toBeVisible()

  await dialog.getByLabel("Title").fill("<b>Depths</b>")
  await expect(frame.getByRole("heading", { name: "<b>Depths</b>" })).toBeVisible()
  await dialog.getByLabel("Message").fill("Mind the tide.")
  await expect(frame.getByText("Mind the tide.")).toBeVisible()
  await dialog.getByLabel("Download limit").fill("2")
  await expect(frame.getByText(/2 downloads/)).toBeVisible()
  await dialog.getByRole("switch", { name: "View only" }).check()
  await expect(frame.getByRole("button", { name: /^Download/ })).toHaveCount(0)
  const refused = dialog.getByText("The preview couldn’t be updated:")
  await dialog.getByLabel("Viewer limit").fill("0")
  await expect(refused).toBeVisible()
  await expect(frame.getByText("Mind the tide.")).toBeVisible()
  await dialog.getByLabel("Viewer limit").fill("3")
  await expect(refused).toHaveCount(0)

  await dialog.getByRole("button", { name: "Set…" }).click()
  await dialog.getByLabel("Password", { exact: true }).fill("open sesame")
  await dialog.getByRole("button", { name: "Set", exact: true }).click()
  await expect(frame.getByLabel("Password")).toBeVisible()
  await expect(frame.getByText("Mind the tide.")).toHaveCount(0)
  await dialog.getByRole("button", { name: "Once it’s open" }).click()
  await expect(frame.getByText("Mind the tide.")).toBeVisible()
})

test("the preview runs nothing, submits nothing and leads nowhere", async ({
  owner,
  ownerPage: page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 })
  const message = "See https://example.org/tides"
  await owner.share("a.pdf", { title: "Contained", message, password: "open sesame" })
  const sent: string[] = []
  page.on("request", (request) =>
    sent.push(`${request.method()} ${new URL(request.url()).pathname}`),
  )
  const dialog = await edit(page, "Contained")
  const frame = dialog.frameLocator("iframe")
  await frame.getByLabel("Password").fill("open sesame")
  await page.keyboard.press("Enter")
  await frame.getByRole("button", { name: "Open" }).click()
  await dialog.getByRole("button", { name: "Once it’s open" }).click()
  await frame.getByRole("link", { name: "https://example.org/tides" }).click()
  await frame.getByRole("button", { name: /^Download/ }).click()

  expect(page.context().pages()).toHaveLength(1)
  await expect(frame.getByRole("heading", { name: "Contained" })).toBeVisible()
  expect(await dialog.locator("iframe").getAttribute("sandbox")).toBe("allow-same-origin")
  expect(sent.filter((one) => one.includes(" /s/"))).toEqual([])
  const { items } = await (await owner.get("/shares?q=Contained")).json()
  expect(items[0]).toMatchObject({ views: 0, downloads: 0, previews: 0 })
})

test("on a phone the preview is below the conditions and loads when it is opened", async ({
  owner,
  ownerPage: page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await owner.share("a.pdf", { title: "Pocket" })
  const asked: string[] = []
  page.on("request", (sent) => sent.url().includes("/preview-page") && asked.push(sent.url()))
  const dialog = await edit(page, "Pocket")
  await expect(dialog.locator("iframe")).toHaveCount(0)
  await dialog.getByText("Preview visitor page").click()
  await expect(dialog.frameLocator("iframe").getByRole("heading", { name: "Pocket" })).toBeVisible()
  expect(asked).toHaveLength(1)
})
