import fs from "node:fs"
import type { Page } from "@playwright/test"
import { expect } from "./fixtures.ts"
import { keepUrl } from "./kept-url.ts"
import { png } from "./make-files.ts"
import { signInClient } from "./member-client.ts"
import { test } from "./own-installation.ts"
import { shareByHand } from "./share-a-file.ts"

test.use({ settings: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } })
const DIR = "/tmp/w/f-share-shots"

test("look", async ({ own, newPage, browser }) => {
  test.setTimeout(290_000)
  fs.rmSync(DIR, { recursive: true, force: true })
  fs.mkdirSync(DIR, { recursive: true })
  await own.stop()
  const before = own.lines().length
  await own.start(["--sample"])
  const signIns = own.lines(before).flatMap((line) => line.match(/^ {2}(\S+@\S+) {3}(\S+)$/) ?? [])
  const [, admin = "", adminsPassword = "", , member = "", password = ""] = signIns
  const client = await signInClient(own.url, { email: member, password })
  const boss = await signInClient(own.url, { email: admin, password: adminsPassword })
  const anyone = await browser.newContext({ baseURL: own.url })

  const looks = [
    ["1280", { width: 1280, height: 900 }, "light", "none"],
    ["1280-dark", { width: 1280, height: 900 }, "dark", "none"],
    ["390", { width: 390, height: 844 }, "light", "none"],
    ["390-dark", { width: 390, height: 844 }, "dark", "none"],
    ["1280-forced", { width: 1280, height: 900 }, "dark", "active"],
  ] as const
  async function shoot(page: Page, name: string, url: string, which = ["1280", "390-dark"]) {
    await page.goto(url)
    for (const [look, size, colorScheme, forcedColors] of looks) {
      if (!which.includes(look)) continue
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme, forcedColors })
      await page.waitForTimeout(400)
      await page.screenshot({ path: `${DIR}/${name}-${look}.png`, fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  const all = looks.map(([look]) => look)
  const page = await newPage({ storageState: await client.context.storageState() })
  const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

  const empty = await client.share("empty.pdf", { title: "Nothing left" })
  await client.delete(`/files/${empty.files[0]?.id}`)
  await shoot(page, "empty", `/shares/${empty.id}`)
  const many = await client.share("one.pdf", { title: "Ten thousand", viewOnly: true })
  await own.query(`
    WITH f AS (INSERT INTO file (id, owner_id, name, path, size, content_type, status)
      SELECT gen_random_uuid(), (SELECT owner_id FROM share WHERE id = '${many.id}'), 'IMG ' || n || '.jpg',
        'trip/day ' || n / 200, 1000, 'image/jpeg', 'uploading' FROM generate_series(1, 9999) n RETURNING id),
    o AS (INSERT INTO object (key, file_id, state, size, put_expires_at, live_since)
      SELECT 'o/' || md5(id::text), id, 'live', 1000, now(), now() FROM f RETURNING file_id)
    INSERT INTO share_file (share_id, file_id, position)
      SELECT '${many.id}', file_id, row_number() OVER () FROM o`)
  await own.query("UPDATE file SET status = 'ready', ready_at = now(), object_key = 'o/' || md5(id::text) WHERE name LIKE 'IMG %'")
  await shoot(page, "many", `/shares/${many.id}`)
  await page.goto(`/shares/${many.id}`)
  await page.locator("#files").click()
  await page.screenshot({ path: `${DIR}/many-open.png` })
  const pictures = [
    ["harbour.png", 640, 480],
    ["boat at low tide, seen from the pier.png", 480, 640],
    ["pier.png", 900, 400],
    ["lighthouse.png", 500, 500],
    ["hull.png", 640, 480],
    ["IMG_20261128_120000_very_long_name_of_a_camera_file.png", 640, 480],
  ] as const
  const link = await shareByHand(
    page,
    pictures.map(([name, width, height], at) => ({
      name,
      mimeType: "image/png",
      buffer: png(width, height, [0x2f6f8f + at * 0x1a0b05, 0xf2e9dc]),
    })),
  )
  await expect
    .poll(async () => (await own.query("SELECT id FROM file WHERE name LIKE '%.png' AND thumbnail_key IS NOT NULL")).length)
    .toBeGreaterThanOrEqual(6)
  const visitor = await newPage()
  await shoot(visitor, "gallery", link, all)
  await visitor.setViewportSize({ width: 390, height: 844 })
  await visitor.getByRole("button", { name: "Select files" }).click()
  await visitor.screenshot({ path: `${DIR}/gallery-choosing.png`, fullPage: true })
  await visitor.keyboard.press("Escape")
  await visitor.getByText("Details").first().click()
  await visitor.screenshot({ path: `${DIR}/gallery-details.png`, fullPage: true })
})
