import type { Page } from "@playwright/test"
import { inHours } from "#testing/units.ts"
import { expectNoViolations as expectNoViolationsOn } from "../browser/axe.ts"
import { expect, test } from "../fixtures.ts"
import type { Installation } from "../installation/start-installation.ts"
import type { MemberClient } from "../member-client.ts"
import { pollNow } from "../network/poll-now.ts"
import { sendRaw } from "../network/raw-request.ts"
import { downloadBy } from "../network/send-click.ts"

/** Links with several files in each state. */
async function linksOfEachState(owner: MemberClient, installation: Installation) {
  const files = [
    await owner.upload("report.pdf", Buffer.from("report")),
    await owner.upload("تقرير.txt", Buffer.from("photo")),
  ]
  const open = await owner.shareFiles(
    files.map(({ id }) => id),
    { title: "Two files", message: "As promised.", maxDownloads: 3 },
  )
  const locked = await owner.share("locked.pdf", { password: "open sesame" })
  const startsAt = inHours(30)
  const scheduled = await owner.share("later.pdf", { startsAt })
  const expired = await owner.share("late.pdf", { title: "Harbour survey" })
  await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [expired.id])
  const revoked = await owner.share("ended.pdf")
  await owner.post(`/shares/${revoked.id}/revoke`, {})
  return { open, locked, scheduled, expired, revoked, unknown: { id: "", url: "/s/unknown" } }
}

const READERS = [
  {
    locale: "de-DE",
    html: { lang: "de", dir: "ltr" },
    open: ["Gesendet von Nora North", /Noch 6\sTage, 23\sStunden gültig|Noch 7\sTage gültig/],
    time: /bis .*, \d+\. \w+ um \d\d:\d\d\s\(Nepalesische Zeit\)/,
    all: /^Alle herunterladen/,
    locked: { title: "Nora North hat Dateien gesendet", wrong: "Falsches Passwort." },
    titles: {
      scheduled: /^Noch 1\sTag, [56]\sStunden bis zur Freischaltung/,
      expired: "Dieser Link ist abgelaufen",
      revoked: "Dieser Link wurde widerrufen",
      unknown: "Link nicht gefunden",
    },
  },
  {
    locale: "ar-EG",
    html: { lang: "ar", dir: "rtl" },
    open: [
      /^مُرسَل من \u2068Nora North\u2069$/,
      /^تنتهي الصلاحية خلال: [\u2066-\u2069]*(6\sأيام[\u2066-\u2069]* و[\u2066-\u2069]*23\sساعة|7\sأيام)/,
    ],
    time: /يوم .*\d+ \S+ في \d+:\d\d/,
    all: /^تنزيل الكل/,
    locked: { title: /^ملفات مُرسَلة من/, wrong: "كلمة المرور غير صحيحة." },
    titles: {
      scheduled: /^يُتاح خلال: [\u2066-\u2069]*يوم واحد/,
      expired: "انتهت صلاحية هذا الرابط",
      revoked: "تم إبطال هذا الرابط",
      unknown: "لم يُعثر على الرابط",
    },
  },
]

for (const { locale, html, open, time, all, locked, titles } of READERS) {
  test(`a visitor whose browser asks for ${locale} reads every page in it`, async ({
    owner,
    browse,
    installation,
  }) => {
    const links = await linksOfEachState(owner, installation)
    const page = await browse({ locale })

    await page.goto(links.open.url)
    await expect(page.locator("html")).toHaveAttribute("lang", html.lang)
    await expect(page.locator("html")).toHaveAttribute("dir", html.dir)
    for (const text of open) await expect(page.getByText(text)).toBeVisible()
    await expect(page.locator("[data-before]")).toHaveText(time)
    await expect(page.getByRole("button", { name: all })).toBeVisible()
    await expectNoViolations(page, "open")

    await page.goto(links.locked.url)
    await expect(page.getByRole("heading", { name: locked.title })).toBeVisible()
    await page.locator("#password").fill("wrong")
    await page.locator("main button").click()
    await expect(page.getByText(locked.wrong)).toBeVisible()
    await expectNoViolations(page, "locked")

    await page.goto(links.scheduled.url)
    await expect(page.getByRole("timer")).toHaveText(titles.scheduled)
    for (const state of ["expired", "revoked", "unknown"] as const) {
      await page.goto(links[state].url)
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(titles[state])
    }
    await expectNoViolations(page, "unknown")
  })
}

test("axe finds nothing on an open page of the other languages", async ({ owner, browse }) => {
  test.skip(!process.env.HEAVY, "`npm run test:heavy` looks at all languages.")
  const files = [
    await owner.upload("a.pdf", Buffer.from("a")),
    await owner.upload("b", Buffer.from("b")),
  ]
  const share = await owner.shareFiles(files.map(({ id }) => id))
  for (const locale of ["fr-FR", "es-MX", "pt-BR", "ja-JP", "zh-CN"]) {
    const page = await browse({ locale })
    await page.goto(share.url)
    await expect(page.locator("html")).toHaveAttribute("lang", new RegExp(`^${locale.slice(0, 2)}`))
    await expectNoViolations(page, locale)
  }
})

/**
 * Checks with axe in two languages, one of them written from right to left; in `test:heavy` in all.
 */
async function expectNoViolations(page: Page, name: string) {
  if (!process.env.HEAVY && (await page.locator("html").getAttribute("dir")) !== "rtl") return
  await page.locator("summary").evaluateAll((every) => {
    for (const summary of every) if (summary instanceof HTMLElement) summary.click()
  })
  await expectNoViolationsOn(page, name)
}

test("an Arabic page is laid out from right to left: text, rows, folders and the switch", async ({
  owner,
  browse,
  installation,
}) => {
  const files = [
    await owner.upload("report (1).pdf", Buffer.from("a")),
    await owner.upload("تقرير (2).pdf", Buffer.from("b")),
  ]
  await installation.query("UPDATE file SET path = 'Trip/Day' WHERE id = ANY($1)", [
    files.map(({ id }) => id),
  ])
  const share = await owner.shareFiles(
    files.map(({ id }) => id),
    { title: "Trip" },
  )
  const page = await browse({ locale: "ar", viewport: { width: 360, height: 800 } })
  await page.goto(share.url)
  const row = page.locator(".file-row").first()
  const box = async (selector: string) => {
    const found = await row.locator(selector).first().boundingBox()
    if (!found) throw new Error(`${selector} is not shown`)
    return found
  }
  const [kind, name, button] = [await box("b"), await box("p"), await box("form")]
  expect(kind.x).toBeGreaterThan(name.x + name.width)
  expect(name.x).toBeGreaterThan(button.x + button.width)
  // The arrow of a closed folder points to the left, that of an open one down.
  const arrow = page.locator("summary svg").first()
  const turn = () =>
    arrow.evaluate((svg) => [getComputedStyle(svg).rotate, getComputedStyle(svg).scale])
  expect(await turn()).toEqual(["-90deg", "-1 1"])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)

  // A title of a name and the number of other files is read from the right too.
  const byte = Buffer.from("a")
  const pictures = [await owner.upload("boat.png", byte), await owner.upload("crew.png", byte)]
  const untitled = await owner.shareFiles(pictures.map(({ id }) => id))
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(untitled.url)
  const title = page.getByRole("heading", { level: 1 })
  await expect(title).toContainText(/\.png\u2069 وملف آخر$/)
  const [begin = 0, end = 0] = await title.locator("bdi").evaluate(({ firstChild, lastChild }) =>
    [firstChild, lastChild].map((text) => {
      const letters = document.createRange()
      if (text) letters.selectNodeContents(text)
      if (text === lastChild && text) letters.setStart(text, (text.textContent ?? "").length - 3)
      return letters.getBoundingClientRect().left
    }),
  )
  expect(begin).toBeGreaterThan(end)
})

test("the switch opens the page in another language, which stays on every link, and counts no view", async ({
  owner,
  visitor,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  const other = await owner.share("other.pdf")
  const path = new URL(share.url).pathname

  await visitor.goto(share.url)
  await choose(visitor, "English", "Deutsch")
  await expect(visitor.getByText(/^Zum Öffnen bitte das mitgeteilte Passwort/)).toBeVisible()
  // A URL that is passed on does not impose its language.
  await expect(visitor).toHaveURL(path)
  await visitor.locator("#password").fill("open sesame")
  await visitor.getByRole("button", { name: "Öffnen" }).click()
  await expect(visitor.getByText("Gesendet von Nora North")).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({ views: 1 })

  const download = await downloadBy(visitor, /^Herunterladen/)
  expect(download.suggestedFilename()).toBe("survey.pdf")
  await expect(visitor.getByText("Download gestartet.")).toBeVisible()

  await visitor.goto(other.url)
  await expect(visitor.getByText("Gesendet von Nora North")).toBeVisible()
  await choose(visitor, "Deutsch", "العربية")
  await expect(visitor.locator("html")).toHaveAttribute("dir", "rtl")
  await choose(visitor, "العربية", "English")
  await expect(visitor.getByText("Nora North sent you")).toBeVisible()
  await visitor.goto(share.url)
  await expect(visitor.getByText("Nora North sent you")).toBeVisible()
  expect(await owner.readShare(other.id)).toMatchObject({ views: 1, botViews: 0 })
})

test("the switch works without JavaScript, on a closed link's page and in a searched list", async ({
  owner,
  plainVisitor,
  installation,
}) => {
  const ids: string[] = []
  for (let index = 0; index < 51; index++) {
    ids.push((await owner.upload(`page ${index}.txt`, Buffer.from(String(index)))).id)
  }
  const share = await owner.shareFiles(ids, { title: "Pages" })
  await plainVisitor.goto(`${share.url}?q=page 1`)
  await choose(plainVisitor, "English", "Français")
  await expect(plainVisitor.getByText("11 fichiers correspondent à «")).toBeVisible()
  await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [share.id])
  await plainVisitor.goto(share.url)
  await expect(plainVisitor.getByRole("heading", { level: 1 })).toHaveText("Ce lien a expiré")
  await choose(plainVisitor, "Français", "日本語")
  await expect(plainVisitor.getByRole("heading", { level: 1 })).toHaveText(
    "このリンクは有効期限が切れました",
  )
  await plainVisitor.reload()
  await expect(plainVisitor.getByRole("heading", { level: 1 })).toHaveText(
    "このリンクは有効期限が切れました",
  )
})

async function choose(page: Page, from: string, to: string) {
  await page.locator("footer summary", { hasText: from }).click()
  await page.getByRole("button", { name: to, exact: true }).click()
}

test("a page that updates itself stays in its language", async ({ owner, browse }) => {
  const ready = await owner.upload("ready.pdf", Buffer.from("ready"))
  const late = await owner.startUpload("late.pdf", Buffer.from("late"))
  const share = await owner.shareFiles([ready.id, late.file.id], { title: "Coming" })
  const page = await browse({ locale: "es-ES" })
  await page.goto(share.url)
  await expect(page.getByText("Aún se está subiendo 1 archivo más")).toBeVisible()
  // Another page of the same browser changes the stored language.
  const second = await page.context().newPage()
  await second.goto(`${share.url}?lang=de`)
  await second.close()
  const { url, headers } = late.upload
  await fetch(url, { method: "PUT", headers, body: "late" })
  await owner.post(`/files/${late.file.id}/complete`)
  await pollNow(page)
  await expect(page.getByRole("button", { name: /^Descargar todo/ })).toBeVisible()
})

test("an error of the server is in the visitor's language", async ({ installation }) => {
  const head = ["GET /s/%2e%2e HTTP/1.1", "Accept: text/html", "Connection: close"]
  for (const [language, html, heading] of [
    ["de-DE,de;q=0.9", '<html lang="de" dir="ltr">', "Nicht gefunden."],
    ["ar", '<html lang="ar" dir="rtl">', "لم يُعثر على شيء."],
  ] as const) {
    const { url } = installation
    const { status, text } = await sendRaw(url, [...head, `Accept-Language: ${language}`])
    expect([status, text.includes(html), text.includes(heading)]).toEqual([404, true, true])
  }
})
