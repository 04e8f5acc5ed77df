import { createHash } from "node:crypto"
import fs from "node:fs"
import type { Page } from "@playwright/test"
import { future } from "#testing/units.ts"
import { expectNoViolations as expectNoViolationsOn } from "../browser/axe.ts"
import { sideways } from "../browser/widths.ts"
import { aFile, uploadByHand } from "../files/share-a-file.ts"
import { choose, writeTree } from "../files/share-a-folder.ts"
import { expect, test } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"
import { holdUploads } from "../network/held-uploads.ts"
import { keepUrl } from "../network/kept-url.ts"

// These stories take longest, so they are spread over the workers.
test.describe.configure({ mode: "parallel" })

// The browser logs the refused upload.
test.use({ allowed: [/status of 413/] })

/** Selects an open dialog; the page behind it is a state of its own. */
const DIALOG = "[role=dialog], [role=alertdialog]"

test("axe finds nothing on any visitor's page", async ({ owner, browse, installation }) => {
  const page = await browse()
  const files = [
    await owner.upload("report.pdf", Buffer.from("report")),
    await owner.upload("photo.jpg", Buffer.from("photo")),
  ]
  const many = await owner.shareFiles(
    files.map(({ id }) => id),
    { title: "Two files", message: "As promised.", maxDownloads: 3 },
  )
  const tree = await aTree(owner)
  const locked = await owner.share("locked.pdf", { password: "open sesame" })
  const startsAt = future()
  const scheduled = await owner.share("later.pdf", { startsAt })
  const expired = await owner.share("late.pdf")
  await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [expired.id])
  const asked = await owner.share("asked.pdf")
  await owner.post(`/shares/${asked.id}/revoke`, {})

  const pages = [
    many.url,
    tree.url,
    locked.url,
    `${locked.url}?error=password`,
    scheduled.url,
    expired.url,
    asked.url,
    "/s/unknown",
    "/nowhere",
    "/api",
    "/sign-in?error=CredentialsSignin",
    "/setup",
    "/invite/none",
  ]
  for (const url of pages) {
    await page.goto(url)
    await page.locator("summary").evaluateAll((all) => {
      for (const summary of all) if (summary instanceof HTMLElement) summary.click()
    })
    await expectNoViolations(page, url)
    await expectToFit(page, url)
  }
  await page.goto(asked.url)
  const ask = page.getByRole("button", { name: "Request access" })
  await ask.click()
  await expect(page.getByText(/^Request sent on/)).toBeVisible()
  await expectNoViolations(page, "a link that was asked for again")
  for (let n = 0; n < 5; n++) await page.request.post(`${asked.url}/ask`, { form: { note: "" } })
  await page.context().clearCookies()
  await page.goto(asked.url)
  await ask.click()
  await expect(page.getByText(/You can request access again in/)).toBeVisible()
  await expectNoViolations(page, "a link that was asked for too often")
})

test("axe finds nothing while files are chosen for a ZIP, and after it", async ({
  owner,
  browse,
}) => {
  const page = await browse()
  const tree = await aTree(owner)
  await page.goto(tree.url)
  await page.getByRole("button", { name: "Select files" }).click()
  await page.getByRole("checkbox").first().check()
  await expect(page.getByText(/ selected$/)).toBeVisible()
  await expectNoViolations(page, "choosing")
  await page.keyboard.press("Escape")
  await page.evaluate(() => {
    document.documentElement.dataset.noZip = "http"
  })
  await expect(page.getByText("Downloading all files as one ZIP requires HTTPS")).toBeVisible()
  await expectNoViolations(page, "without a ZIP")
})

test("axe finds nothing while files are uploading, unfinished or refused", async ({
  installation,
  join,
  browse,
}, testInfo) => {
  const member = await join("Ulla Upload")
  const tree = await aTree(member)
  await member.post("/files", { ...UNFINISHED, fingerprint: "f".repeat(64) })
  await installation.query("UPDATE member SET quota_bytes = 100000 WHERE email = $1", [
    member.email,
  ])
  const storageState = await member.context.storageState()
  const page = await browse({ storageState })
  await page.goto(`/shares/${tree.id}`)
  await expectNoViolations(page, "a share with folders")
  await page.goto("/files")
  await page.getByRole("button", { name: "More actions for a.txt" }).click()
  await page.getByRole("menuitem", { name: "Checksum…" }).click()
  await expectNoViolations(page, "the checksum of a file", DIALOG)

  await page.goto("/shares")
  await expect(page.getByRole("region", { name: "1 unfinished upload" })).toBeVisible()
  await expectNoViolations(page, "an unfinished upload")
  await page.getByRole("button", { name: "Discard film.mov" }).click()
  await expect(page.getByRole("alertdialog")).toContainText("This file isn’t in any share.")
  await expectNoViolations(page, "the question before an upload is given up", DIALOG)
  await page.keyboard.press("Escape")

  const letGo = await holdUploads(page, installation)
  const root = testInfo.outputPath("tree")
  writeTree(
    root,
    Array.from({ length: 9 }, (_, at) => `survey/day ${at % 2}/${at}.jpg`),
  )
  fs.writeFileSync(`${root}/survey/large.bin`, "x".repeat(150_000))
  await choose(page, "Choose a folder", `${root}/survey`)
  await expect(page.getByText(/more\./)).toBeVisible()
  await page.locator("summary").filter({ hasText: "survey" }).first().click()
  await expectNoViolations(page, "a folder on its way")
  await page.close()
  letGo()
})

test("axe finds nothing on any member's page", async ({ owner, browse, stranger }) => {
  const share = await owner.share("survey.pdf", { title: "Harbour survey", maxDownloads: 3 })
  const ended = await owner.share("ended.pdf")
  await owner.post(`/shares/${ended.id}/revoke`, {})
  await (await stranger()).post(`${ended.url}/ask`, { form: { note: "Once more, please" } })
  const storageState = await owner.context.storageState()
  const page = await browse({ storageState })

  const pages = [
    "/shares",
    `/shares/${share.id}`,
    `/shares/${ended.id}`,
    "/files",
    "/requests",
    "/settings",
  ]
  const heads = new Map<string, Head>()
  for (const url of [...pages, "/shares?q=nothing+like+this"]) {
    await page.goto(url)
    heads.set(url, await headOf(page))
    await expectNoViolations(page, url)
    await expectToFit(page, url)
  }
  expectAlike(heads)

  // With the notice of a local address and an access request.
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto("/shares")
  await expect(page.getByText(/^Links only work on this computer/)).toBeVisible()
  await expect(page.getByText(/^Access requested for/)).toBeVisible()
  const row = await page.locator("[data-selectable] li").first().boundingBox()
  expect(row?.y).toBeLessThanOrEqual(160)
})

test("axe finds nothing in a member's dialogs, menus and questions", async ({ owner, browse }) => {
  await owner.share("survey.pdf", { title: "Harbour survey", maxDownloads: 3 })
  const storageState = await owner.context.storageState()
  const page = await browse({ storageState })
  await page.goto("/shares?q=Harbour survey")
  await page
    .getByRole("button", { name: /^More actions for Harbour/ })
    .first()
    .click()
  await page.getByRole("menuitem", { name: "Edit", exact: true }).click()
  await expect(page.frameLocator("iframe").getByText("Harbour survey")).toBeVisible()
  await expectNoViolations(page, "the preview of the visitor's page")
  await page.keyboard.press("Escape")
  await page.goto("/shares")
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await page.getByRole("combobox", { name: "Search and actions" }).fill("Harbour")
  await expect(page.getByRole("option").first()).toContainText("Harbour survey")
  await expectNoViolations(page, "the search", DIALOG)
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await uploadByHand(page, [aFile("ebb.pdf"), aFile("flow.pdf")])
  await expectNoViolations(page, "finished uploads", "main")
  await page.getByRole("button", { name: "Settings", exact: true }).first().click()
  await page.getByText("More settings").click()
  await page.getByRole("button", { name: "Set…" }).click()
  await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused()
  await expectNoViolations(page, "the settings of a link", "main")
  await page
    .getByRole("button", { name: /^More actions for Harbour survey/ })
    .first()
    .click()
  await expect(page.getByRole("menu")).toBeVisible()
  await expectNoViolations(page, "the menu of a share", "[role=menu]")
  await page.getByRole("menuitem", { name: "Revoke…" }).click()
  await expect(page.getByRole("alertdialog")).toBeVisible()
  await expectNoViolations(page, "the question before a revoke", DIALOG)
})

test("axe finds nothing while and after URLs are cut off", async ({ owner, browse, stranger }) => {
  test.skip(!process.env.HEAVY, "`npm run test:heavy` cuts off what axe looks at.")
  const page = await browse({ storageState: await owner.context.storageState() })
  const exposed = await owner.share("exposed.pdf")
  await keepUrl(await stranger(), exposed)
  await owner.post(`/shares/${exposed.id}/revoke`)
  await page.goto(`/shares/${exposed.id}`)
  await expectNoViolations(page, "a share whose addresses may still work")
  await page.getByRole("button", { name: "Block now" }).click()
  await expect(page.getByText(/^Closed at .* stopped working in/)).toBeVisible()
  await expectNoViolations(page, "a share that was cut off")
  await page.goto("/files?q=exposed.pdf")
  await page.getByRole("button", { name: "More actions for exposed.pdf" }).first().click()
  await page.getByRole("menuitem", { name: "Block active links…" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Block active links" }).click()
  await expect(page.getByRole("dialog")).toContainText(
    /stopped working in|no active download links/,
  )
  await expectNoViolations(page, "the end of a file's cut off", DIALOG)
})

test("axe finds nothing on any admin's page", async ({ installation, owner, admin, browse }) => {
  const exposed = await owner.share("exposed.pdf", { title: "For axe", expiresAt: null })
  await admin.patch("/admin/settings", {
    maxShareDays: 5,
    branding: { accent: "#2f6f4f", name: "Harbour" },
  })
  const { items } = await (await admin.get("/admin/users?q=nora@example.org")).json()
  const adminPage = await browse({
    storageState: await admin.context.storageState(),
  })
  const isHeavy = Boolean(process.env.HEAVY)
  const panic = ["?what=member", ...(isHeavy ? ["?what=file", "?what=time", "?what=all"] : [])]
  // Their fields are those of Sharing and Branding.
  const heads = new Map<string, Head>()
  const alike = isHeavy ? ["files", "people", "sign-in", "mail"] : []
  for (const url of [
    "/admin",
    "/admin/settings/sharing",
    ...["branding", ...alike].map((name) => `/admin/settings/${name}`),
    "/admin/files",
    `/admin/files/${exposed.files[0]?.id}`,
    "/admin/shares",
    "/admin/requests",
    `/admin/shares/${exposed.id}`,
    "/admin/members",
    `/admin/members/${items[0].id}`,
    "/admin/audit",
    ...panic.map((query) => `/admin/panic${query}`),
  ]) {
    await adminPage.goto(url)
    heads.set(url, await headOf(adminPage))
    await expectNoViolations(adminPage, url)
    await expectToFit(adminPage, url)
  }
  await admin.patch("/admin/settings", {
    reset: ["maxShareDays"],
    branding: { accent: null, name: null },
  })
  await installation.query("UPDATE installation SET checks_found = $1", [CHECKS_FOUND])
  await adminPage.goto("/admin/checks")
  heads.set("/admin/checks", await headOf(adminPage))
  expectAlike(heads)
  await adminPage.getByText("Show configuration").first().click()
  await expectToFit(adminPage, "/admin/checks")
  await expectNoViolations(adminPage, "a list of checks with every state")
})

test("axe finds nothing in an admin's dialogs, questions and forms", async ({
  owner,
  admin,
  browse,
}) => {
  const exposed = await owner.share("exposed.pdf", { title: "For axe", expiresAt: null })
  const adminPage = await browse({
    storageState: await admin.context.storageState(),
  })
  await adminPage.goto("/admin/settings/branding")
  await adminPage.getByLabel("Footer note").fill("Ask Ida.")
  await expect(adminPage.getByText("1 unsaved change")).toBeVisible()
  await expectNoViolations(adminPage, "settings that are not saved", "main")
  await expectToFit(adminPage, "settings that are not saved")
  await adminPage.getByRole("button", { name: "Discard" }).click()
  await adminPage.goto("/admin/panic?what=all")
  await adminPage.getByLabel(/^Enter \d+ to confirm/).fill("0")
  await adminPage.getByRole("button", { name: /^Revoke .*and block active links/ }).click()
  await expect(adminPage.getByText("The number doesn’t match")).toBeVisible()
  await expectNoViolations(adminPage, "the form of the panic page with a wrong count", "main")
  const revoked = await admin.post("/admin/shares/revoke", { ids: [exposed.id], cutOff: true })
  await adminPage.goto(`/admin/panic/${(await revoked.json()).id}`)
  await expectNoViolations(adminPage, "the end of a cut off of many shares")
  await adminPage.goto("/admin/members")
  await adminPage.getByRole("button", { name: "Invite members" }).click()
  await expect(adminPage.getByRole("dialog")).toBeVisible()
  await expectNoViolations(adminPage, "the dialog of an invitation", DIALOG)
  await adminPage.keyboard.press("Escape")
  await adminPage.getByRole("button", { name: "Actions for Nora North" }).click()
  await adminPage.getByRole("menuitem", { name: "Disable" }).click()
  await adminPage.getByRole("radio", { name: "Transfer them to another member" }).check()
  await expect(adminPage.getByLabel("New owner")).toBeEnabled()
  await expectNoViolations(adminPage, "the question before a member is disabled", DIALOG)
})

type Head = { top: number; heights: number[] }

/** Where the title of a page begins, and the heights of the buttons beside it. */
const headOf = (page: Page): Promise<Head> =>
  page.getByRole("heading", { level: 1 }).evaluate((title) => {
    const { top, bottom } = title.getBoundingClientRect()
    const buttons = [...document.querySelectorAll("main .button")]
      .map((button) => button.getBoundingClientRect())
      .filter((button) => button.top < bottom && button.bottom > top)
    return {
      top: Math.round(top + window.scrollY),
      heights: [...new Set(buttons.map(({ height }) => Math.round(height)))],
    }
  })

/** Expects the titles of pages to begin at one height, with buttons of one height beside them. */
function expectAlike(heads: Map<string, Head>) {
  const tops = [...heads].map(([url, { top }]) => [url, top])
  expect(tops).toEqual(tops.map(([url]) => [url, tops[0]?.[1]]))
  const heights = [...heads].filter(([, each]) => each.heights.length > 0)
  expect(heights.map(([url, each]) => [url, each.heights])).toEqual(
    heights.map(([url]) => [url, [36]]),
  )
}

const CHECKS_FOUND = JSON.stringify({
  at: new Date().toISOString(),
  findings: [
    {
      id: "cors",
      state: "fail",
      code: "refused",
      paste: '{\n  "CORSRules": []\n}',
      values: { origin: "https://share.example", method: "PUT", status: 403 },
    },
    { id: "colours", state: "warn", code: "none" },
    { id: "delete", state: "ok", code: "ok" },
    { id: "lifecycle", state: "skipped", code: "unknown" },
  ],
})

const UNFINISHED = { name: "film.mov", path: "holiday", size: 14, contentType: "video/quicktime" }

/** A share with folders, whose files are ready, still uploading and abandoned. */
async function aTree(owner: MemberClient) {
  const begin = async (name: string, path: string) => {
    const sha256 = createHash("sha256").update(name).digest("hex")
    const begun = await owner.post("/files", { name, path, size: name.length, sha256 })
    const { file, upload } = await begun.json()
    const { url, headers } = upload
    return { id: file.id, put: () => fetch(url, { method: "PUT", headers, body: name }) }
  }
  const ready = [await begin("a.txt", ""), await begin("b.txt", "trip/day 1")]
  for (const { id, put } of ready) {
    expect((await put()).status).toBe(200)
    expect((await owner.post(`/files/${id}/complete`)).status()).toBe(200)
  }
  const others = [await begin("c.txt", "trip"), await begin("d.txt", "trip")]
  const ids = [...ready, ...others].map(({ id }) => id)
  const share = await owner.shareFiles(ids, { title: "A tree" })
  await owner.delete(`/files/${ids.at(-1)}`)
  return share
}

async function expectNoViolations(page: Page, where: string, within?: string) {
  await expect(page.locator("h1, [role=dialog], [role=alertdialog]").first()).toBeVisible()
  await expectNoViolationsOn(page, where, within)
}

/** Checks that the page does not scroll sideways, neither on a phone nor on a desktop. */
async function expectToFit(page: Page, where: string) {
  const usual = page.viewportSize()
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 720 })
    expect(await sideways(page), `${where} at ${width} px`).toBeLessThanOrEqual(0)
  }
  if (usual) await page.setViewportSize(usual)
}
