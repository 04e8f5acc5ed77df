import { randomBytes } from "node:crypto"
import type { Page } from "@playwright/test"
import { inHours } from "#testing/units.ts"
import { expectNoViolations } from "../../browser/axe.ts"
import { shareContents, viewerOf } from "../../browser/look-at.ts"
import { uploadFromDisk } from "../../files/large-file.ts"
import { fixture, png } from "../../files/make-files.ts"
import { pdf } from "../../files/make-pdf.ts"
import { randomFile } from "../../files/random-file.ts"
import { uploadFiles } from "../../files/upload-files.ts"
import { expect } from "../../fixtures.ts"
import { test as ownInstallation } from "../../installation/own-installation.ts"
import type { MemberClient } from "../../member-client.ts"
import { type FaultyProxy, openFaultyProxy } from "../../network/faulty-proxy.ts"

const LONG = "Bestandsaufnahme_der_Kaimauer_Abschnitt_7_endgültig_und_geprüft"

const test = ownInstallation.extend<{ line: FaultyProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  line: async ({}, use) => {
    const line = await openFaultyProxy()
    await use(line)
    await line.close()
  },
  settings: ({ line }, use) => use({ S3_PUBLIC_ENDPOINT: line.url }),
  member: async ({ line, own, member }, use) => {
    line.forwardTo(own.storeUrl)
    await use(member)
  },
})

/** A window of 320 pixels, one of 1280 at a zoom of 200 %, and a phone with twice the font size. */
const WINDOWS = [
  { width: 320, height: 640, letters: "" },
  { width: 640, height: 400, letters: "" },
  { width: 360, height: 640, letters: "200%" },
]

/** Checks that nothing is wider than a narrow window, and that axe finds no violation. */
async function expectToFit(page: Page, where: string) {
  for (const { letters, ...size } of WINDOWS) {
    await page.setViewportSize(size)
    await page.evaluate((fontSize) => {
      document.documentElement.style.fontSize = fontSize
    }, letters)
    expect(await page.evaluate(widerThanWindow), `${where}, ${size.width} ${letters}`).toEqual([])
  }
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"))
  await expectNoViolations(page, where)
}

/** The elements that make the page or its open dialog scroll sideways. Runs in the browser. */
function widerThanWindow() {
  const root = document.querySelector("dialog[open]") ?? document.documentElement
  if (root.scrollWidth <= root.clientWidth && document.documentElement.scrollWidth <= innerWidth)
    return []
  const wide: string[] = [`${root.scrollWidth} of ${root.clientWidth}`]
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, right, width } = range.getBoundingClientRect()
    if (width > 0 && (left < 0 || right > innerWidth)) wide.push(text.textContent ?? "")
  }
  return wide
}

const openFolders = (page: Page) =>
  page.locator("#files details").evaluateAll((all) => {
    for (const each of all) if (each instanceof HTMLDetailsElement) each.open = true
  })

/** Creates a share with a folder, a long name and a large file. */
async function aSurvey(member: MemberClient) {
  const film = randomFile("film.mov", 65 * 1024 ** 2)
  const large = await uploadFromDisk(member, `${LONG}.mov`, film)
  film.remove()
  const path = `Vermessung 2026/${LONG}`
  const ids = await uploadFiles(member, [
    { name: `${LONG}.tiff`, path, bytes: randomBytes(2_000) },
    { name: "تقرير المشروع النهائي.txt", path, bytes: Buffer.from("Report") },
    { name: "plan.pdf", path: "", bytes: pdf("The plan") },
  ])
  const expiresAt = inHours(2).toISOString()
  return member.shareFiles([...ids, large.id], {
    title: `${LONG} 2026`,
    message: `https://example.org/${LONG}`,
    maxDownloads: 9,
    expiresAt,
  })
}

for (const { locale, colorScheme } of [
  { locale: "de-DE", colorScheme: "light" },
  { locale: "ar-EG", colorScheme: "dark" },
] as const) {
  test(`no page of a link scrolls sideways in a narrow window, at a zoom of 200 % or with large letters, and axe finds nothing, in ${locale} and ${colorScheme}`, async ({
    own,
    member,
    newPage,
    line,
  }) => {
    test.setTimeout(300_000)
    await own.query("UPDATE member SET name = 'Wilhelmine Hohenlohe-Waldenburg'")
    const page = await newPage({ locale, colorScheme })
    const survey = await aSurvey(member)

    await page.goto(survey.url)
    await openFolders(page)
    await expectToFit(page, "an open link")
    await page.locator("footer summary").click()
    await expectToFit(page, "the languages")

    line.limitRate(2 * 1024 ** 2)
    await page.locator("button[data-choose]").click()
    await page.getByRole("checkbox").first().check()
    await expectToFit(page, "choosing files")
    await page.keyboard.press("Escape")
    await page.locator('button[data-zip=""]').click()
    const zip = page.locator("[data-zip-panel]")
    await expect(zip.getByRole("progressbar")).toHaveAttribute("aria-valuenow", /\d/)
    await expectToFit(page, "a ZIP on its way")
    await zip.getByRole("button").last().click()
    await expect(zip.getByRole("progressbar")).toHaveCount(0)
    await expectToFit(page, "a ZIP that was cancelled")
    await page.locator(".file-row button.while-open").click()
    const download = page.locator("[data-resumable]")
    await expect(download.getByRole("progressbar")).toHaveAttribute("aria-valuenow", /\d/)
    await expectToFit(page, "a resumable download")
    await download.getByRole("button").first().click()
    await expectToFit(page, "a resumable download that is paused")
    await download.getByRole("button").filter({ visible: true }).last().click()
    await expect(download.getByRole("progressbar")).toHaveCount(0)
    line.limitRate(null)

    const pictures = await shareContents(member, [
      [`a ${LONG}.png`, png(900, 600), "image/png"],
      ["b notes.txt", `${LONG}\n`.repeat(100), "text/plain"],
      ["c table.csv", `a,b,c\n1,${LONG},3\n`, "text/csv"],
      ["d clip.webm", fixture("clip.webm"), "video/webm"],
      ["e broken.png", "broken", "image/png"],
    ])
    await page.goto(pictures.url)
    await page.locator("#files a[data-kind]").first().click()
    const viewer = viewerOf(page)
    for (const { name } of pictures.files) {
      await expect(viewer).toHaveAccessibleName(name)
      await expect(viewer.locator(".viewer-loading")).toHaveCount(0)
      await expectToFit(page, name)
      await viewer.locator(".viewer-steps button").last().click({ force: true })
    }
    const looks = await member.shareFiles(
      pictures.files.map(({ id }) => id),
      { viewOnly: true, maxDownloads: 2 },
    )
    await page.goto(looks.url)
    await expectToFit(page, "a limited link to look at")
    await page.locator("#files a[data-kind]").first().click()
    await expectToFit(page, "the question before a look is counted")

    const locked = await member.share(`${LONG}.pdf`, { password: "open sesame" })
    await page.goto(locked.url)
    await expectToFit(page, "a locked link")
    await page.locator("#password").fill("wrong")
    await page.locator("main button").click()
    await expectToFit(page, "a wrong password")
    await own.query("UPDATE attempt SET attempts = 1000 WHERE purpose = 'unlock'")
    await page.locator("#password").fill("wrong")
    await page.locator("main button").click()
    await expectToFit(page, "too many wrong passwords")

    const startsAt = inHours(30).toISOString()
    const scheduled = await member.share("later.pdf", { startsAt, title: LONG })
    await page.goto(scheduled.url)
    await expectToFit(page, "a link that opens later")
    const over = await member.share("late.pdf", { title: LONG })
    await own.query(
      "UPDATE share SET created_at = now() - interval '500 days', expires_at = now() - interval '400 days' WHERE id = $1",
      [over.id],
    )
    await page.goto(over.url)
    await expectToFit(page, "a link that lapsed")
    await page.locator("#note").fill(LONG)
    await page.locator("main form button").click()
    await expect(page.locator("#asked")).toBeVisible()
    await page.locator("main summary").click()
    await expectToFit(page, "a link that was asked for again")
    await member.post(`/shares/${locked.id}/revoke`)
    await page.goto(locked.url)
    await expectToFit(page, "a link that was ended")
    await page.goto("/s/unknown")
    await expectToFit(page, "an unknown link")
  })
}
