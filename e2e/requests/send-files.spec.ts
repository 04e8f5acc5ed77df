import { createHash, randomBytes } from "node:crypto"
import fs from "node:fs"
import { MIB } from "#testing/units.ts"
import { expectNoViolations } from "../browser/axe.ts"
import { sideways } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"
import { type MemberClient, read } from "../member-client.ts"
import { chooseFiles, PHONE } from "./guest.ts"

type Request = { id: string; url: string; fileCount: number; deliveries: number }

const ask = async (owner: MemberClient, more: object = {}) =>
  read<Request>(
    await owner.post("/requests", { title: "Photos, please", folder: "Inbox", ...more }),
    201,
  )

test("somebody without an account sends files from a phone, and goes on the next day", async ({
  installation,
  owner,
  browse,
}, testInfo) => {
  test.setTimeout(180_000)
  const fields = { name: "required", own: [{ label: "Team", required: true }] }
  const limits = { types: ["jpg", "mp4", "txt"], maxFiles: 3 }
  const { id, url } = await ask(owner, { fields, thanks: "Thank you!", ...limits })
  const page = await browse(PHONE)
  const large = randomBytes(9 * MIB)
  // On disk, because a file that is chosen again has to be the same one, by its time too.
  const onDisk = testInfo.outputPath("film.mp4")
  fs.writeFileSync(onDisk, large)
  await page.goto(url)
  expect(await sideways(page)).toBe(0)
  await expectNoViolations(page)
  await expect(page.getByText("we’ll ask for your name and one question.")).toBeVisible()
  await expect(page.getByLabel("Choose files")).toHaveAttribute("accept", ".jpg,.mp4,.txt")

  await chooseFiles(page, [{ name: "boat.jpg", buffer: Buffer.from("boat") }])
  await expect(page.getByText("· Arrived")).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText("You can send 2 more files")).toBeVisible()
  await page.getByLabel("Your name").fill("Bo Berg")
  // The line holds after a part of the film, and the tab is closed.
  let parts = 0
  await page.route(`${installation.storeUrl}/**`, (route) =>
    parts++ === 0 ? route.continue() : undefined,
  )
  await page.getByLabel("Choose files").setInputFiles(onDisk)
  const film = page.getByRole("listitem").filter({ hasText: "film.mp4" })
  await expect(film).toContainText(/· [1-9]\d?%/, { timeout: 30_000 })
  page.once("dialog", (dialog) => dialog.accept())
  await page.reload()
  await page.unrouteAll({ behavior: "ignoreErrors" })
  await expect(page.getByText("· Arrived")).toBeVisible({ timeout: 30_000 })
  await expect(film).toContainText("Choose the file again to continue")
  await page.getByLabel("Choose files").setInputFiles(onDisk)
  await expect(page.getByText("· Arrived")).toHaveCount(2, { timeout: 60_000 })
  await chooseFiles(page, [{ name: "wrong.txt", buffer: Buffer.from("wrong") }])
  await expect(page.getByText("· Arrived")).toHaveCount(3, { timeout: 60_000 })
  await expect(page.getByText("This request is full.")).toBeVisible()
  await expect(page.getByText("Add files")).toBeHidden()
  await expect(page.getByText("3 of 3 files")).toBeVisible()
  await page.getByRole("button", { name: "Withdraw: wrong.txt" }).click()
  await expect(page.getByText("wrong.txt")).toHaveCount(0)
  await expect(page.getByText("You can send 1 more file")).toBeVisible()
  await chooseFiles(page, [{ name: "archive.exe", buffer: Buffer.from("archive") }])
  const refused = page.getByRole("listitem").filter({ hasText: "archive.exe" })
  await expect(refused).toContainText("Only JPG files, MP4 files, and TXT files are accepted here.")
  await expect(refused.getByRole("button")).toHaveText(["Remove"])
  await expectNoViolations(page)
  await expect(page.getByLabel("Your name")).toHaveValue("Bo Berg")
  await page.getByLabel("Team").fill("Blue")
  await page.getByRole("button", { name: "Finish and send 2 files; leave 1 out" }).click()

  await expect(page.getByRole("heading", { name: "Your files have arrived" })).toBeVisible()
  await expect(page.getByText("Thank you!")).toBeVisible()
  await expect(page.getByText("2 files, 9")).toBeVisible()
  await expect(page.getByRole("button", { name: "Print" })).toBeVisible()
  const saved = page.waitForEvent("download")
  await page.getByRole("button", { name: "Save" }).click()
  expect((await saved).suggestedFilename()).toBe("receipt.html")
  // The file is whole without a connection: it has its styles, and runs nothing.
  const receipt = fs.readFileSync(await (await saved).path(), "utf8")
  expect(receipt).not.toMatch(/<script|<link/)
  expect(receipt).toContain(".file")
  expect(receipt).toContain(createHash("sha256").update(large).digest("hex"))
  // In the form of the reader's language, as on every other page.
  await expect(page.locator("time")).toContainText("Nepal Time")
  await expect(page.getByText(createHash("sha256").update(large).digest("hex"))).toBeVisible()
  await expectNoViolations(page)
  await page.goto(url)
  await expect(page.getByRole("link", { name: "Show the receipt" })).toBeVisible()

  const { items } = await (await owner.get(`/requests/${id}/deliveries`)).json()
  expect(items).toMatchObject([
    {
      name: "Bo Berg",
      fields: { Team: "Blue" },
      files: [{ name: "boat.jpg" }, { name: "film.mp4" }],
    },
  ])
  const share = await owner.shareFiles(items[0].files.map((file: { id: string }) => file.id))
  await page.goto(share.url)
  await expect(page.getByText("film.mp4", { exact: true })).toBeVisible()
})

test("a guest is asked about a different file of the same name, and a replaced one is withdrawn", async ({
  owner,
  browse,
}) => {
  const { id, url } = await ask(owner)
  const page = await browse(PHONE)
  const question = page.getByRole("dialog")
  const photos = (...names: string[]) =>
    chooseFiles(
      page,
      names.map((text) => ({ name: `${text.at(-1)}.jpg`, buffer: Buffer.from(text) })),
    )
  await page.goto(url)
  await photos("a", "b")
  await expect(page.getByText("· Arrived")).toHaveCount(2, { timeout: 30_000 })

  await photos("a", "another b", "c")
  await expect(question).toContainText("A different file with this name is already there")
  await expectNoViolations(page)
  await page.keyboard.press("Escape")
  await expect(question).toBeHidden()
  await expect(page.getByText("3 of 3 files")).toBeVisible({ timeout: 30_000 })

  await photos("another a", "another b")
  await expect(question).toContainText("2 different files with these names are already there")
  await expect(question.getByRole("button", { name: "Skip" })).toBeFocused()
  for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key)
  await expect(question).toBeHidden()
  await expect(page.getByText("3 of 3 files")).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText("· Arrived")).toHaveCount(3)
  await page.getByRole("button", { name: "Finish and send 3 files" }).click()
  await expect(page.getByRole("heading", { name: "Your files have arrived" })).toBeVisible()

  const { items } = await (await owner.get(`/requests/${id}/deliveries`)).json()
  const sizes = items[0].files.map(({ name, size }: Sized) => [name, size])
  expect(sizes.sort()).toEqual([
    ["a.jpg", "another a".length],
    ["b.jpg", "another b".length],
    ["c.jpg", 1],
  ])
})

type Sized = { name: string; size: number }

test("a guest's page follows what a check or the owner does to files that were sent", async ({
  installation,
  owner,
  browse,
}) => {
  const { url } = await ask(owner)
  const page = await browse(PHONE)
  await page.goto(url)
  await chooseFiles(page, [
    { name: "old.jpg", buffer: Buffer.from("old") },
    { name: "new.jpg", buffer: Buffer.from("new") },
  ])
  await expect(page.getByText("· Arrived")).toHaveCount(2, { timeout: 30_000 })
  await installation.query("UPDATE file SET status = 'checking' WHERE name = 'new.jpg'")
  await page.reload()
  await expect(page.getByText("· Arrived")).toHaveCount(2, { timeout: 30_000 })

  await installation.query("UPDATE file SET deleted_at = now() WHERE name = 'old.jpg'")

  await expect(page.getByText("old.jpg")).toHaveCount(0, { timeout: 20_000 })
  await expect(page.getByText("new.jpg")).toBeVisible()
})

test("without JavaScript the page says what is needed", async ({ owner, plainVisitor }) => {
  const { url } = await ask(owner)

  await plainVisitor.goto(url)

  await expect(plainVisitor.getByText("turn on JavaScript")).toBeVisible()
  await expect(plainVisitor.getByText("curl -T")).toBeHidden()
  await plainVisitor.getByText("with curl and jq").click()
  await expect(plainVisitor.getByText("curl -T")).toBeVisible()
  await expect(plainVisitor.getByText("Choose files")).toBeHidden()
})

test("a request that is revoked says that it is closed", async ({ owner, visitor }) => {
  const { id, url } = await ask(owner)
  await owner.post(`/requests/${id}/revoke`)

  await visitor.goto(url)

  await expect(visitor.getByRole("heading", { name: "This request is closed" })).toBeVisible()
})
