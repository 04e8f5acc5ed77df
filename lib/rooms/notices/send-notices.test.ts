import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { hasNotices, stopNotices, switchNotices } from "#lib/rooms/accounts/profile/notices.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { verifyLink } from "#lib/rooms/claims/verify/verify-link.ts"
import { ask as askFor } from "#lib/rooms/questions/ask.ts"
import { editRequest } from "#lib/rooms/requests/edit-request.ts"
import { deleteRequest, revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { finishDelivery } from "#lib/rooms/requests/guest/deliver.ts"
import { RequestFields } from "#lib/rooms/requests/request.ts"
import type { At } from "#lib/rooms/shares/links/change-link.ts"
import { eraseEndedRecipients, eraseLink } from "#lib/rooms/shares/links/erase-recipients.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { acting } from "#testing/builders/acting.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { headersOf, textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer, withoutMail } from "#testing/mail/with-mail.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { inHours } from "#testing/units.ts"
import { sendNotices, sendRequest } from "./send-notices.ts"

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer()
  await sendNotices(0) // the first run finds nothing; the next one reports what happens from now on
})
afterEach(() => server.close())

type Link = Awaited<ReturnType<typeof aLink>>

const download = ({ publicId, fileId }: Link) =>
  claim({
    publicId,
    fileIds: [fileId],
    cookies: noCookies,
    directOnly: false,
    source: source,
  })

const guess = (shareId: string, count: number) =>
  db.event.createMany({
    data: Array.from({ length: count }, () => ({ shareId, kind: "unlock_failed" as const })),
  })

async function ask({ shareId, linkId }: Link, count = 1) {
  await db.question.createMany({
    data: Array.from({ length: count }, () => ({ shareId, linkId, note: "" })),
  })
  await db.share.update({
    where: { id: shareId },
    data: { openQuestions: { increment: count } },
  })
}

/** Makes everything that happened an hour older. */
async function anHourPasses() {
  await db.$executeRaw`UPDATE file SET ready_at = ready_at - interval '1 hour',
    held_at = held_at - interval '1 hour'`
  await db.$executeRaw`UPDATE share_notice SET at = at - interval '1 hour'`
  await db.$executeRaw`UPDATE rollup SET until = until - interval '1 hour'`
}

/** Runs the job as if an hour had passed, and returns the texts of the mails. */
async function told(): Promise<string[]> {
  const before = server.mails.length
  await sendNotices(0)
  await runJobs()
  return server.mails.slice(before).map((mail) => textsOf(mail).plain)
}

describe("sendNotices", () => {
  it("mails an owner once an hour what happened to all shares", async () => {
    const first = await aLink({ title: "Plans" })
    const like = { ownerId: first.ownerId, fileIds: first.fileIds }
    const asked = await aLink({ title: "Old", revokedAt: new Date(), like })
    const soon = await aLink({ title: "Soon", expiresAt: inHours(20), like })
    const guessed = await aLink({ title: "Locked", passwordHash: "hash", like })
    await db.share.update({
      where: { id: soon.shareId },
      data: { createdAt: inHours(-72) },
    })
    const other = await aLink({ title: "Of another" })
    await Promise.all([download(first), download(first), download(other)])
    await ask(asked, 3)
    await guess(guessed.shareId, 6)

    const mails = await told()
    expect(mails).toHaveLength(2)
    const own = mails.find((text) => text.includes("“Plans”")) ?? ""
    expect(own).toContain("“Plans” was downloaded for the first time")
    expect(own).toContain("3 people want access to “Old”")
    expect(own).toContain("“Soon” expires soon and hasn’t been downloaded")
    expect(own).toContain("Someone is guessing the password or a code of “Locked”")
    expect(own).toContain("6 wrong passwords or codes")
    expect(own).not.toContain("Of another")

    await download(first)
    await guess(guessed.shareId, 6)
    expect(await told()).toEqual([])
  })

  it("tells by its first run what happened since the first start", async () => {
    await db.rollup.deleteMany() // as if no run had been
    await download(await aLink({ title: "Plans" }))
    await sentBy(await aGuest((await aRequest({ title: "Photos" })).publicId))

    const mails = (await told()).join()
    expect(mails).toContain("“Plans” was downloaded for the first time")
    expect(mails).toContain("“Photos” received 1 file")
    expect(await told()).toEqual([])
  })

  it("mails an access request at once, and those of the hour after it together", async () => {
    const link = await aLink({ title: "Old", revokedAt: new Date() })
    const request = async () => {
      await askFor({ ...link, cookies: noCookies, note: "Please", address: "10.0.0.1", source })
      await runJobs()
      return server.mails.splice(0).map((mail) => textsOf(mail).plain)
    }
    expect(await request()).toEqual([expect.stringMatching(/Someone wants access to “Old”/)])
    expect(await request()).toEqual([])
    expect(await told()).toEqual([expect.stringMatching(/2 people want access to “Old”/)])
    expect(await told()).toEqual([])
  })

  it("has what visitors wrote, without a link of theirs, and opens the question by the button that answers it", async () => {
    const link = await aLink({ title: "Old", expiresAt: inHours(-1) })
    const note = "I lost my copy, see https://evil.example or tom@evil.example <b>now</b>"
    await askFor({ ...link, cookies: noCookies, note, address: "10.0.0.1", source })
    await runJobs()
    const [mail] = server.mails
    if (!mail) throw new Error("nothing arrived")
    const { html, ...texts } = textsOf(mail)
    const plain = texts.plain.replaceAll("\r\n", "\n")
    const words = (text: string) => text.replaceAll("\u2060", "")
    expect(words(plain)).toContain(`> ${note}`)
    expect(plain).not.toMatch(/evil\.example|https:\/\/evil|tom@evil/)
    expect(words(html)).toContain("I lost my copy")
    expect(html).not.toMatch(/evil\.example|<b>now/)
    const url = `http://localhost:3000/shares/${link.shareId}#questions`
    expect(plain).toContain(`Reopen for 2 days:\n${url}`)
    expect(html).toContain(`href="${url}"`)
  })

  it("has the last three of many visitors' words, and says how a used-up link opens again", async () => {
    const link = await aLink({ title: "Old", maxDownloads: 1, downloads: 1 })
    await db.question.createMany({
      data: ["first", "second", "", "third", "fourth"].map((note, n) => ({
        ...{ shareId: link.shareId, linkId: link.linkId, note },
        at: new Date(Date.now() - 60_000 + n * 1_000),
      })),
    })
    await db.share.update({ where: { id: link.shareId }, data: { openQuestions: 5 } })
    await db.$executeRaw`UPDATE rollup SET until = until - interval '1 hour'`
    const [text = ""] = await told()
    expect(text).toMatch(/> fourth\s+> third\s+> second\s+(?!>)/)
    expect(text).toContain("Reopen for 3 more downloads:")
  })

  it("names an untitled share by its first file and the number of the others", async () => {
    const link = await aLink({ title: "", files: ["plan.pdf", "map.pdf"] })
    await download(link)
    expect(await told()).toEqual([expect.stringMatching(/“plan.pdf and 1 more” was downloaded/)])
  })

  it("reports the first download once, even if it runs many times at once", async () => {
    const link = await aLink({ title: "Plans" })
    await Promise.all(Array.from({ length: 8 }, () => download(link)))
    await Promise.all(Array.from({ length: 6 }, () => sendNotices(0)))
    await runJobs()
    expect(server.mails).toHaveLength(1)
  })

  it("does not call a download the first that follows others, whose events may be deleted", async () => {
    const link = await aLink({ title: "Plans" })
    withoutMail()
    await download(link)
    await sendNotices(0)
    await db.event.deleteMany()
    await server.close()
    server = await aMailServer()
    await download(link)
    expect(await told()).toEqual([])
  })

  it("names the recipient, and tells of every download where the owner wants that", async () => {
    const first = await aLink({ title: "Plans", files: ["plan.pdf"], recipient: { name: "Pia" } })
    const like = { ownerId: first.ownerId, fileIds: first.fileIds }
    const every = await aLink({ title: "contract.pdf", like })
    await db.share.update({ where: { id: every.shareId }, data: { everyDownload: true } })
    const pia = await aRecipientOf(every, { name: "Pia Phone\r\nBcc: x@example.org" })
    await download(first)
    await download(pia)
    const mail = (await told()).join()
    expect(mail).toContain("Pia downloaded “Plans”")
    expect(mail).toMatch(/Pia Phone.*downloaded “contract.pdf”/)
    expect(server.mails.map((each) => headersOf(each).get("bcc"))).toEqual([undefined])

    const others = await Promise.all(
      ["Bo", "Cy", "Di", "Ed", "Flo"].map((name) => aRecipientOf(every, { name })),
    )
    for (const link of [first, pia, pia, every, ...others]) await download(link)
    const [next = "", ...more] = await told()
    expect(more).toEqual([])
    expect(next).toContain("“contract.pdf” was downloaded 8 times")
    expect(next).toMatch(/Pia Phone.*, Bo, Cy, Di, Ed and others, most recently on /)
    expect(next).not.toContain("Plans")
    expect(await told()).toEqual([])
  })

  it("tells of wrong codes where a recipient needs one, and of none by links without", async () => {
    const own = { name: "Pia", address: "pia@example.org", verify: true }
    const shares = [
      await aLink({ title: "Codes", recipient: own }),
      await aLink({ title: "No codes", passwordHash: "hash" }),
    ]
    for (let n = 0; n < 6; n++)
      for (const { publicId } of shares)
        await verifyLink({ publicId, mailId: null, code: "123456", address: `10.1.1.${n}`, source })
    const mails = (await told()).join()
    expect(mails).toContain("Someone is guessing the password or a code of “Codes”")
    expect(mails).toContain("6 wrong passwords or codes as of")
    expect(mails).not.toContain("No codes")
  })

  it("names nobody in a mail once that recipient is erased", async () => {
    for (const erase of [
      (at: At) => eraseLink(at),
      async ({ shareId }: At) => {
        const expiresAt = inHours(-24 * 91)
        await db.share.update({ where: { id: shareId }, data: { expiresAt } })
        await eraseEndedRecipients()
      },
    ]) {
      const link = await aLink({ title: "Plans", recipient: { name: "Pia" } })
      const { shareId, linkId, ownerId } = link
      await download(link)
      expect((await told()).join()).toContain("Pia downloaded “Plans”")
      await erase({ actor: acting(ownerId as PersonId), shareId, kind: "share", linkId })
      expect(JSON.stringify(await db.mail.findMany())).not.toContain("Pia")
      expect(await db.mail.count({ where: { targetId: ownerId } })).toBe(1)
    }
  })

  it("tells once an hour what came in for a request, by files, senders and size", async () => {
    const request = await aRequest({ title: "Photos" })
    const other = await aRequest({ title: "Plans", password: "open sesame" })
    const [one, two] = [await aGuest(request.publicId), await aGuest(request.publicId)]
    await sentBy(one, { bytes: "b".repeat(1_500) })
    await sentBy(one, { bytes: "b".repeat(500) })
    await sentBy(two)
    const { id } = await sentBy(two)
    await db.file.update({ where: { id }, data: { deletedAt: new Date() } }) // as if withdrawn
    await guess(other.id, 6)

    const mails = await told()
    expect(mails).toHaveLength(2)
    const received = mails.find((text) => text.includes("Photos")) ?? ""
    expect(received).toContain("“Photos” received 3 files")
    expect(received).toMatch(/2 kB from 2 senders, most recently on /)
    expect(received).toContain(`/requests/${request.id}`)
    expect(mails.find((text) => text.includes("Plans"))).toContain(`/requests/${other.id}`)

    await sentBy(one)
    expect(await told()).toEqual([])
    await sentBy(two)
    await revokeRequest(request.ownerId, request.id)
    await anHourPasses()
    expect(await told()).toEqual([expect.stringMatching(/“Photos” received 2 files/)])
    await anHourPasses()
    expect(await told()).toEqual([])
  })

  it("tells what came in from senders who must give a name once they are done", async () => {
    const fields = RequestFields.parse({ name: "required" })
    const request = await aRequest({ title: "Photos", fields })
    const [done, gone] = [await aGuest(request.publicId), await aGuest(request.publicId)]
    for (const guest of [done, gone]) await sentBy(guest)
    expect(await told()).toEqual([])
    for (let hour = 0; hour < 3; hour++) await anHourPasses()
    expect(await told()).toEqual([])

    await finishDelivery(done, { sender: { name: "Bo" }, fields: {} })
    expect(await told()).toEqual([expect.stringMatching(/“Photos” received 1 file\b/)])
    await db.$executeRaw`UPDATE delivery SET done_at = done_at - interval '1 hour'`
    await anHourPasses()
    expect(await told()).toEqual([])
  })

  it("tells what came in once, also when it runs many times at once", async () => {
    const { publicId } = await aRequest()
    await sentBy(await aGuest(publicId))
    await Promise.all(Array.from({ length: 6 }, () => sendNotices(0)))
    await runJobs()
    expect(server.mails).toHaveLength(1)
  })

  it("tells once an hour which files of a request are held", async () => {
    const request = await aRequest({ title: "Photos" })
    const quiet = await aRequest({ notices: false })
    const hold = async ({ publicId }: typeof request) => {
      const { id } = await sentBy(await aGuest(publicId))
      await db.file.update({
        where: { id },
        data: { status: "held", heldFor: "Eicar", heldAt: new Date(), readyAt: null },
      })
      return id
    }
    await hold(quiet)
    await hold(request)
    const released = await hold(request)
    await db.file.update({ where: { id: released }, data: { status: "ready" } })
    const [mail, ...others] = await told()
    expect(others).toEqual([])
    expect(mail).toContain("1 file for “Photos” is held")
    expect(mail).toContain(`/requests/${request.id}`)
    expect(mail).not.toContain("Eicar")

    await hold(request)
    await hold(request)
    expect(await told()).toEqual([])
    await anHourPasses()
    expect(await told()).toEqual([expect.stringMatching(/2 files for “Photos” are held/)])
    await anHourPasses()
    expect(await told()).toEqual([])
  })

  it("tells admins once an hour how many files were held, unless they stopped notices", async () => {
    const admins = [await anAdmin(), await anAdmin(), await anAdmin()]
    const [, quiet = "", disabled = ""] = admins
    await db.member.update({ where: { id: quiet }, data: { notices: false } })
    await db.member.update({ where: { id: disabled }, data: { disabledAt: new Date() } })
    const hold = async () => {
      const { id } = await aFile()
      const now = new Date()
      await db.file.update({
        where: { id },
        data: { status: "held", heldFor: "Eicar", heldAt: now, uncheckedSince: now },
      })
      return id
    }
    await hold()
    await db.file.update({ where: { id: await hold() }, data: { status: "ready" } })
    const before = server.mails.length
    await Promise.all([sendNotices(0), sendNotices(0)])
    await runJobs()
    expect(server.mails).toHaveLength(before + 1)
    const mail = server.mails.at(-1)
    const text = mail && textsOf(mail).plain
    expect(text).toMatch(
      /1 file was held[\s\S]*Files held now: 1[\s\S]*\/admin\/files\?status=held/,
    )
    expect(text).not.toContain("Eicar")
    expect(mail && headersOf(mail).get("list-unsubscribe")).toContain("/stop-notices/")

    await anHourPasses()
    expect(await told()).toEqual([])
    await hold()
    expect(await told()).toEqual([expect.stringMatching(/1 file was held[\s\S]*Files held now: 2/)])
  })

  it("does not tell later what came in while notices were off, or for a request that is deleted", async () => {
    const [quiet, gone] = [await aRequest({ notices: false }), await aRequest()]
    for (const { publicId } of [quiet, gone]) await sentBy(await aGuest(publicId))
    await deleteRequest(gone.ownerId, gone.id, { files: "keep" })
    expect(await told()).toEqual([])
    await editRequest(acting(quiet.ownerId), quiet.id, { notices: true })
    await anHourPasses()
    expect(await told()).toEqual([])
  })

  it("tells nothing about a share or to an owner for whom notices are off", async () => {
    const [quiet, off, disabled] = [await aLink(), await aLink(), await aLink()]
    await db.share.update({ where: { id: quiet.shareId }, data: { notices: false } })
    await switchNotices({ id: off.ownerId, team: null }, false)
    await db.member.update({ where: { id: disabled.ownerId }, data: { disabledAt: new Date() } })
    await Promise.all([quiet, off, disabled].map(download))
    await Promise.all([ask(quiet), ask(off), ask(disabled)])
    expect(await told()).toEqual([])
  })

  it("leaves out mistakes, shares that are made for a day, started later or only viewed, and what admins ended", async () => {
    const few = await aLink({ passwordHash: "hash" })
    await guess(few.shareId, 4)
    const short = await aLink({ expiresAt: inHours(20) })
    const later = await aLink({ expiresAt: inHours(20), startsAt: inHours(2) })
    const viewed = await aLink({ expiresAt: inHours(20), viewOnly: true })
    const used = await aLink({ expiresAt: inHours(20) })
    const far = await aLink({ expiresAt: inHours(30) })
    const ids = [later, viewed, used, far].map(({ shareId }) => shareId)
    await db.share.updateMany({ where: { id: { in: ids } }, data: { createdAt: inHours(-90) } })
    await download(used)
    await sendNotices(0)
    await runJobs()
    server.mails.length = 0
    const ended = await aLink({ revokedAt: new Date() })
    await db.share.update({ where: { id: ended.shareId }, data: { revokedByAdmin: true } })
    await ask(ended)
    expect(await told()).toEqual([])
    expect(short.shareId).not.toBe("")
  })

  it("of a team goes once to each of its people who wants it, and each can stop only their own", async () => {
    const [ada, bea] = [
      await aMember({ email: "ada@example.org" }),
      await aMember({ email: "bea@example.org" }),
    ]
    const [quiet, gone] = [await aMember(), await aMember()]
    const newTeam = async (slug: string) => {
      const id = await aTeam({ name: slug, slug, manager: ada, people: [bea, quiet] })
      await switchNotices({ id: quiet, team: { id } }, false)
      return id
    }
    const [sales, desk] = [await newTeam("sales"), await newTeam("desk")]
    await db.teamMember.create({
      data: { teamId: sales, memberId: gone, groupAt: inHours(-8 * 24) },
    })
    await switchNotices({ id: ada, team: null }, false) // which stops only her own
    const linkOf = async (ownerId: string) => {
      const link = await aLink()
      await db.share.update({ where: { id: link.shareId }, data: { ownerId } })
      return link
    }
    const link = await linkOf(sales)
    await Promise.all([link, await linkOf(sales), await linkOf(desk)].map(download))

    const texts = await told()
    const of = (text: string) => texts.filter((mail) => mail.includes(text)).length
    expect([texts.length, of("/t/sales/shares"), of("/t/desk/shares")]).toEqual([4, 2, 2])
    expect(texts.filter((text) => /\d\/shares|@invalid/.test(text))).toEqual([])

    const [mail] = server.mails.filter(
      (mail) =>
        headersOf(mail).get("to")?.includes("bea@") && textsOf(mail).plain.includes("/t/sales/"),
    )
    if (!mail) throw new Error("nothing arrived")
    const url = headersOf(mail).get("list-unsubscribe") ?? ""
    const token = /\/stop-notices\/([^>]+)>/.exec(url)?.[1] ?? ""
    const forged = `${ada}~${desk}.${token.split(".").at(-1)}`
    for (const wrong of [forged, token.replace("~", "~~")])
      expect(await stopNotices(wrong)).toBe(false)
    expect(await stopNotices(token)).toBe(true)
    const wants = (id: string, team: string | null) =>
      hasNotices({ id, team: team === null ? null : { id: team } })
    expect([await wants(bea, sales), await wants(bea, desk), await wants(bea, null)]).toEqual([
      ...[false, true, true],
    ])

    server.mails.length = 0
    await ask(link)
    await sendRequest(link.shareId)
    await runJobs()
    expect(server.mails.map((mail) => headersOf(mail).get("to"))).toEqual([
      expect.stringContaining("ada@example.org"),
    ])
  })

  it("is stopped by the link of its mail, which stops nothing else", async () => {
    const link = await aLink()
    await download(link)
    await told()
    const [mail] = server.mails
    if (!mail) throw new Error("nothing arrived")
    const url = headersOf(mail).get("list-unsubscribe") ?? ""
    const token = /\/stop-notices\/([^>]+)>/.exec(url)?.[1] ?? ""
    const other = await aLink()
    const forged = `${other.ownerId}.${token.split(".").at(-1)}`
    for (const wrong of [forged, token.slice(1), `${token}x`, "", "x.y"]) {
      expect(await stopNotices(wrong)).toBe(false)
    }
    expect(await stopNotices(token)).toBe(true)
    await ask(link)
    expect(await told()).toEqual([])
    expect(await db.member.count({ where: { notices: false } })).toBe(1)
  })
})
