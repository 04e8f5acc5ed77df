import { expect } from "@playwright/test"
import { inDays } from "#testing/units.ts"
import { test } from "../installation/own-installation.ts"
import { checkLists, checkMember, checkOverview, checkRevokes } from "./week/check-lists.ts"
import { checkAdminPage, checkAnswers, checkCsv, checkPage } from "./week/check-share.ts"
import { countHours } from "./week/pass-day.ts"
import { startWeek, type Week } from "./week/start-week.ts"

const CHAT = "https://chat.example.org/general"
const aFile = (name: string, path = "") => ({
  name,
  path,
  bytes: Buffer.from(`the bytes of ${name}`),
})
const MANY = Array.from({ length: 17 }, (_, at) => `photo ${String(at + 1).padStart(2, "0")}.jpg`)

/** Shares whose pages are looked at: one of each kind, with HEAVY=1 all. */
const isLookedAt = (title: string) =>
  Boolean(process.env.HEAVY) || ["Many", "Secret", "Gallery", "Switched"].includes(title)

test("after a week of visits the numbers and sentences on pages, in every CSV and API answer are what happened", async ({
  own,
  member,
  newPage,
}) => {
  test.setTimeout(180_000)
  const week = startWeek(own, member)
  await walk(week)
  await countHours(own)
  const page = await newPage({
    storageState: await member.context.storageState(),
    viewport: { width: 1600, height: 1000 },
  })
  // The first page with charts sends the browser's time zone.
  await page.goto(`/shares/${week.planned("Many").share.id}`)
  await expect(page.getByText("Time zone: Nepal Time.")).toBeVisible()
  for (const plan of week.shares.values()) {
    await test.step(plan.title, async () => {
      await checkAnswers(week, plan, member)
      await checkCsv(week, plan, page)
      if (!isLookedAt(plan.title)) return
      await checkPage(week, plan, page)
      await checkAdminPage(week, plan, page)
    })
  }
  await checkLists(week, page)
  await checkOverview(week, page)
  await checkMember(week, page)
  await checkRevokes(week, page)

  // The counts outlive their events.
  await week.nextDay()
  await countHours(own)
  for (const plan of week.shares.values()) await checkCsv(week, plan, page)
  await own.query("DELETE FROM event")
  for (const plan of week.shares.values()) await checkCsv(week, plan, page)
  await checkOverview(week, page)
  await page.goto(`/shares/${week.planned("Many").share.id}`)
  await expect(page.getByRole("region", { name: "Statistics" })).toContainText("none on record")
  await expect(page.getByText("The visits to this link are no longer recorded")).toBeVisible()
})

async function walk(week: Week) {
  const { visit, share } = week
  await share(
    "Many",
    MANY.map((name) => aFile(name)),
    { expiresAt: null },
  )
  await share("Limited", [aFile("tender.pdf")], { maxDownloads: 2, expiresAt: inDays(30) })
  const password = "open sesame"
  await share("Secret", [aFile("a.pdf"), aFile("b.pdf")], { password, expiresAt: inDays(6.5) })
  await share(
    "Folder",
    [
      aFile("1.jpg", "trip/day 1"),
      aFile("2.jpg", "trip/day 1"),
      aFile("3.jpg", "trip"),
      aFile("4.jpg", "trip"),
    ],
    { expiresAt: inDays(10) },
  )
  const texts = [aFile("one.txt"), aFile("two.txt")]
  await share("Gallery", texts, { viewOnly: true, maxDownloads: 3, expiresAt: inDays(30) })
  await share("Showroom", [aFile("show.txt")], { viewOnly: true, expiresAt: null })
  await share("Switched", [aFile("draft.txt")], { expiresAt: null })
  await share("Old", [aFile("old.pdf")], { expiresAt: inDays(2) })
  await share("Ended", [aFile("ended.pdf")], { expiresAt: inDays(20) })
  await share("Later", [aFile("later.pdf")], { startsAt: inDays(20), expiresAt: null })

  const many = visit("ann", "Many")
  await many.open({ from: CHAT })
  for (const name of ["photo 01.jpg", "photo 02.jpg", "photo 01.jpg"]) await many.download(name)
  await many.resume("photo 01.jpg")
  await visit("bob", "Many").open({ status: 403, ahead: true })
  await visit("bob", "Many").open({ from: week.planned("Many").share.url })
  await visit("bob", "Many").zip(null)
  await visit("slack", "Many").open()
  const secret = visit("cem", "Secret")
  await secret.open()
  for (const tried of ["12345", "sesame", password]) await secret.enter(tried)
  await secret.zip(null)
  await visit("dot", "Secret").open()
  await visit("dot", "Secret").enter("password")
  await visit("script", "Limited").download("tender.pdf")
  await visit("ann", "Switched").open()
  await visit("ann", "Switched").download("draft.txt")
  await week.nextDay()

  const limited = visit("ann", "Limited")
  await limited.open({ says: "1 download left." })
  await limited.download("tender.pdf")
  await limited.download("tender.pdf")
  await visit("bob", "Limited").open({ status: 410, says: "No downloads left" })
  await visit("bob", "Limited").download("tender.pdf", { status: 410 })
  const gallery = visit("cem", "Gallery")
  await gallery.open({ says: "3 more people can view the files." })
  await gallery.preview("one.txt", { status: 403 })
  await gallery.startPreview()
  for (const name of ["one.txt", "two.txt", "one.txt"]) await gallery.preview(name)
  await gallery.open({ says: "Your preview was counted." })
  await visit("dot", "Gallery").open({ from: CHAT, says: "2 more people can view" })
  await visit("dot", "Gallery").startPreview()
  await visit("dot", "Gallery").preview("one.txt")
  const showroom = visit("ann", "Showroom")
  await showroom.open()
  for (let n = 0; n < 3; n++) await showroom.preview("show.txt")
  await visit("script", "Showroom").preview("show.txt")
  await visit("script", "Showroom").download("show.txt", { status: 403 })
  await week.nextDay()

  await week.addFile("Many", aFile("late.txt"))
  await visit("bob", "Many").open()
  await visit("bob", "Many").zip(["photo 03.jpg", "photo 04.jpg"])
  await visit("dot", "Many").zip(null)
  const folder = visit("ann", "Folder")
  await folder.open()
  await folder.zip(["1.jpg", "2.jpg"], "trip/day 1")
  await folder.zip(null)
  await visit("ann", "Old").open({ status: 410, says: "This link has expired" })
  await week.nextDay()

  await week.removeFile("Many", "photo 05.jpg")
  await week.removeFile("Many", "photo 06.jpg", true)
  await visit("script", "Many").zip(null)
  await week.change("Switched", { viewOnly: true, maxDownloads: 5 })
  await visit("bob", "Switched").open({ says: "4 more people can view" })
  await visit("bob", "Switched").startPreview()
  await visit("bob", "Switched").preview("draft.txt")
  await week.end("Folder", "revoke")
  await week.end("Ended", "revoke")
  await visit("ann", "Folder").open({ status: 410, says: "This link was revoked" })
  await visit("ann", "Folder").download("3.jpg", { status: 410 })
  await week.nextDay()

  await week.end("Folder", "restore")
  await visit("cem", "Folder").open()
  await visit("cem", "Folder").download("4.jpg")
  await week.nextDay()
  await week.nextDay()

  await visit("ann", "Many").open({ from: "https://mail.example.org/inbox" })
  await visit("ann", "Many").download("late.txt")
  await visit("slack", "Secret").open()
}
