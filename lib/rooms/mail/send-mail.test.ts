import { afterEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { changeBranding } from "#lib/rooms/admin/change-branding.ts"
import { BrandingChange } from "#lib/rooms/settings/branding.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { headersOf, startHostileServer, textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer, mailBy } from "#testing/mail/with-mail.ts"
import { HOUR } from "#testing/units.ts"
import type { Notice } from "./mail.ts"
import { queueMail } from "./queue-mail.ts"
import { MAX_COPIES, sendMail } from "./send-mail.ts"

type Server = Awaited<ReturnType<typeof aMailServer>>
let server: Server | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function serving(behaviour: Parameters<typeof aMailServer>[0] = {}) {
  server = await aMailServer(behaviour)
  return server
}

const NOTICE: Notice = {
  what: "first_download",
  shareId: "01990000-0000-7000-8000-000000000001",
  share: "The report",
  count: 0,
  at: "2026-11-29T12:00:00.000Z",
}

/** Queues a mail with notices, and returns its id. */
async function aMail(items: Notice[] = [NOTICE], usefulUntil?: Date) {
  const targetId = await anAdmin()
  const values = { items }
  const until = usefulUntil ? { usefulUntil } : {}
  await db.$transaction((tx) =>
    queueMail(tx, {
      kind: "notices",
      values,
      to: "ada@example.org",
      language: null,
      targetId,
      ...until,
    }),
  )
  const [mail] = await db.mail.findMany({ orderBy: { id: "desc" }, take: 1 })
  return mail?.id ?? ""
}

const mailOf = (id: string) => db.mail.findUniqueOrThrow({ where: { id } })

const tries = () => db.$queryRaw<{ minutes: number }[]>`
  SELECT round(extract(epoch FROM run_at - now()) / 60)::int AS minutes
  FROM graphile_worker.jobs WHERE task_identifier = 'sendMail' ORDER BY id`

const clearJobs = () => db.$executeRaw`DELETE FROM graphile_worker._private_jobs`

describe("a mail", () => {
  it("exists if and only if the change that causes it commits", async () => {
    const undone = db.$transaction(async (tx) => {
      const to = "ada@example.org"
      await queueMail(tx, { kind: "test", values: {}, to, language: null, targetId: null })
      throw new Error("changed my mind")
    })
    await expect(undone).rejects.toThrow("changed my mind")
    expect([await db.mail.count(), await tries()]).toEqual([0, []])
    await aMail()
    expect([await db.mail.count(), await tries()]).toEqual([1, [{ minutes: 0 }]])
  })

  it("waits in a queue of its own: resets first, then invitations, accounts and notices", async () => {
    await aMail()
    const ada = { to: "ada@example.org", language: null, targetId: null }
    const [at, by] = [NOTICE.at, { name: "Grace", address: "grace@example.org" }]
    const change = { what: "recovery_codes", name: "", at, isOwn: true, by: null } as const
    await db.$transaction(async (tx) => {
      await queueMail(tx, { kind: "account", values: change, ...ada })
      await queueMail(tx, { kind: "invite", values: { by, expiresAt: at }, ...ada })
      await queueMail(tx, { kind: "reset", values: { expiresAt: at, by: null }, ...ada })
    })
    const jobs = await db.$queryRaw`
      SELECT job.queue_name, mail.kind FROM graphile_worker.jobs AS job
      JOIN graphile_worker._private_jobs AS stored ON stored.id = job.id
      JOIN mail ON mail.id = (stored.payload->>'id')::uuid ORDER BY job.priority`
    expect(jobs).toEqual(
      ["reset", "invite", "account", "notices"].map((kind) => ({ queue_name: "mail", kind })),
    )
  })

  it("is tried again later by greylisting, and sent once", async () => {
    const answer = "451 4.7.1 Greylisted, come back later"
    const { mails } = await serving({
      onRecipient: (_address, time) => (time < 2 ? answer : undefined),
    })
    const id = await aMail()
    await clearJobs()
    await sendMail(id)
    expect(await mailOf(id)).toMatchObject({ answer, sentAt: null, failedAt: null, unanswered: 0 })
    await sendMail(id)
    expect(await tries()).toEqual([{ minutes: 1 }, { minutes: 2 }])
    for (let time = 0; time < 3; time++) await sendMail(id)

    expect(await mailOf(id)).toMatchObject({
      answer: "250 queued as TEST",
      sentAt: expect.any(Date),
      attempts: 3,
    })
    expect(mails).toHaveLength(1)
    expect(await tries()).toHaveLength(2)
  })

  it("has failed with the server's words when it is refused, and is not tried again", async () => {
    await serving({ onRecipient: () => "550 5.1.1 No such user here" })
    const id = await aMail()
    await clearJobs()
    await sendMail(id)
    await sendMail(id)

    expect(await mailOf(id)).toMatchObject({
      answer: "550 5.1.1 No such user here",
      failedAt: expect.any(Date),
      sentAt: null,
      attempts: 1,
    })
    expect(await tries()).toEqual([])
  })

  it("arrives at most three times, as the same mail, when connections are lost after it", async () => {
    const { mails } = await serving({ onMessage: () => "lost" })
    const id = await aMail()
    await clearJobs()
    for (let time = 0; time < 6; time++) await sendMail(id)

    expect(mails).toHaveLength(MAX_COPIES)
    expect(new Set(mails.map((mail) => headersOf(mail).get("message-id"))).size).toBe(1)
    expect(await mailOf(id)).toMatchObject({ sentAt: null, failedAt: expect.any(Date) })
  })

  it("arrives at most three times, however many processes run its job at once or die in it", async () => {
    const { mails } = await serving()
    const id = await aMail()
    await clearJobs()
    await Promise.all(Array.from({ length: 12 }, () => sendMail(id)))
    expect(mails.length).toBeGreaterThanOrEqual(1)
    expect(mails.length).toBeLessThanOrEqual(MAX_COPIES)
    expect(await mailOf(id)).toMatchObject({ sentAt: expect.any(Date), failedAt: null })

    mails.length = 0
    const dying = await aMail()
    await db.mail.update({ where: { id: dying }, data: { unanswered: MAX_COPIES } })
    await sendMail(dying)
    expect(mails).toEqual([])
    expect(await mailOf(dying)).toMatchObject({ failedAt: expect.any(Date) })
  })

  it("uses up no attempt while the server is silent, and one from its text's first byte on", async () => {
    const id = await aMail()
    await clearJobs()
    const unanswered = async () => (await mailOf(id)).unanswered
    const counts: Record<string, number> = {}
    const silent = await startHostileServer(async (socket) => {
      counts.silent = await unanswered()
      socket.destroy()
    })
    mailBy(silent.port)
    for (let time = 0; time <= MAX_COPIES; time++) await sendMail(id)
    await silent.close()
    expect(await mailOf(id)).toMatchObject({ failedAt: null, attempts: MAX_COPIES + 1 })

    const replies = ["250 hello", "250 sender", "250 recipient", "354 go on"]
    const asking = await startHostileServer((socket) => {
      socket.write("220 hello\r\n")
      socket.on("data", async () => {
        const reply = replies.shift()
        if (reply !== undefined) return socket.write(`${reply}\r\n`)
        counts.text ??= await unanswered()
        socket.destroy()
      })
    })
    mailBy(asking.port)
    await sendMail(id)
    await asking.close()
    expect(counts).toEqual({ silent: 0, text: 1 })
    expect(await unanswered()).toBe(1)
  })

  it("is tried for a day, or until its link ends", async () => {
    const [day, short] = [await aMail(), await aMail([NOTICE], new Date(Date.now() + HOUR / 2))]
    const hours = async (id: string) => {
      const { until, createdAt } = await mailOf(id)
      return Math.round((until.getTime() - createdAt.getTime()) / (HOUR / 2)) / 2
    }
    expect([await hours(day), await hours(short)]).toEqual([24, 0.5])
    await clearJobs()
    const { mails } = await serving()
    await db.mail.update({ where: { id: day }, data: { until: new Date(Date.now() - 1000) } })
    await sendMail(day)
    expect(mails).toEqual([])
    expect(await mailOf(day)).toMatchObject({ failedAt: expect.any(Date), attempts: 0 })
  })

  it("waits while the server cannot be reached, and for as long as an hour or two between tries", async () => {
    mailBy(1)
    const id = await aMail()
    await clearJobs()
    for (let time = 0; time < 9; time++) await sendMail(id)
    expect((await tries()).map(({ minutes }) => minutes)).toEqual([
      1, 2, 4, 8, 16, 32, 64, 120, 120,
    ])
    expect(await mailOf(id)).toMatchObject({ answer: expect.stringContaining("ECONNREFUSED") })
  })

  it("carries the brand in a plain and an HTML part for both schemes, and loads nothing", async () => {
    const logo =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    const admin = await anAdmin()
    const brand = BrandingChange.parse({ name: "Harbour & <Co>", accent: "#ffd400", logo })
    await changeBranding(admin, brand)
    const { mails } = await serving()
    const evil = '<img src="https://evil.example/pixel">'
    const id = await aMail([
      { ...NOTICE, share: evil },
      { ...NOTICE, what: "access_requested", count: 2 },
      { ...NOTICE, what: "guessing", count: 7 },
      { ...NOTICE, what: "expires_unused", share: "" },
    ])
    await sendMail(id)

    const [mail] = mails
    if (!mail) throw new Error("nothing arrived")
    const headers = headersOf(mail)
    expect(headers.get("from")).toContain("Harbour & <Co>")
    expect(headers.get("auto-submitted")).toBe("auto-generated")
    expect(headers.get("list-unsubscribe")).toMatch(
      /^<http:\/\/localhost:3000\/stop-notices\/[\w-]+\.[\w-]+>$/,
    )
    expect(headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click")
    const { plain, html } = textsOf(mail)
    expect(plain).toContain("2 people want access to “The report”")
    expect(plain).toContain("7 wrong passwords or codes as of 29 November 2026 at 12:00 UTC.")
    expect(plain).toContain("“Untitled share” expires soon and hasn’t been downloaded")
    expect(plain).toContain("http://localhost:3000/shares/01990000-0000-7000-8000-000000000001")
    expect(html).toContain("prefers-color-scheme: dark")
    expect(html).toContain("Harbour &#38; &#60;Co&#62;")
    expect(html).toContain('src="cid:logo"')
    expect(html.match(/(src|background|url)\s*[=(]\s*["']?https?:/gi)).toBeNull()
    expect(html).not.toContain(evil)
    expect(mail.raw).toMatch(/Content-Id: <logo>/i)
  })

  it("lists fifty notices, and says how many more there are", async () => {
    const { mails } = await serving()
    await sendMail(await aMail(Array.from({ length: 60 }, () => NOTICE)))
    const [mail] = mails
    if (!mail) throw new Error("nothing arrived")
    const { plain } = textsOf(mail)
    expect(plain.match(/was downloaded for the first time/g)).toHaveLength(50)
    expect(plain).toContain("10 more notifications are on the pages of your shares.")
  })
})
