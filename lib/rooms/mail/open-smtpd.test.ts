import { fork } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { trust } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { deliver } from "#lib/adapters/smtp/deliver.ts"
import { type Message, sendMessage } from "#lib/adapters/smtp.ts"
import { listLinks } from "#lib/rooms/shares/links/read-links.ts"
import { aRecipient } from "#testing/builders/a-recipient.ts"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { CA_FILE, headersOf, textsOf } from "#testing/mail/mail-server.ts"
import { LOGIN, startOpenSmtpd, whyNoOpenSmtpd } from "#testing/mail/open-smtpd.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { queueMail } from "./queue-mail.ts"
import { MAX_COPIES, sendMail } from "./send-mail.ts"

const usual = getCACertificates("default")
const root = path.join(import.meta.dirname, "../../..")
const skipped = process.env.HEAVY ? whyNoOpenSmtpd() : "it runs with HEAVY=1"

const offerTo = (port: number, security: "starttls" | "tls", to: string, password: string) => ({
  server: { host: "localhost", port, security, user: LOGIN.user, password },
  name: "lapse.example.org",
  from: "lapse@example.org",
  to,
  message: Buffer.from("Subject: Test\r\n\r\nHello.\r\n"),
})

describe.skipIf(skipped)(`OpenSMTPD${skipped ? ` (skipped: ${skipped})` : ""}`, () => {
  let server: Awaited<ReturnType<typeof startOpenSmtpd>>
  beforeAll(async () => {
    trust([readFileSync(CA_FILE, "utf8")])
    server = await startOpenSmtpd()
  })
  afterAll(async () => {
    setDefaultCACertificates(usual)
    await server.close()
  })
  afterEach(withoutMail)

  it("accepts a sign-in and answers in its own words, by STARTTLS and from the start", async () => {
    const { starttls, tls } = server.ports
    const offers = [
      offerTo(starttls, "starttls", "ada@example.org", LOGIN.password),
      offerTo(tls, "tls", "ada@example.org", LOGIN.password),
      offerTo(starttls, "starttls", "ada@example.org", "wrong"),
      offerTo(starttls, "starttls", "busy@example.org", LOGIN.password),
      offerTo(starttls, "starttls", "ada@elsewhere.example", LOGIN.password),
    ]
    const delivered = await Promise.all(offers.map((offer) => deliver(offer)))

    expect(delivered).toEqual([
      { outcome: "accepted", answer: expect.stringContaining("Message accepted for delivery") },
      { outcome: "accepted", answer: expect.stringContaining("Message accepted for delivery") },
      { outcome: "later", answer: expect.stringContaining("535") },
      { outcome: "later", answer: "451 4.7.1 Come back later" },
      { outcome: "refused", answer: expect.stringContaining("550 Invalid recipient") },
    ])
    expect(await server.mailsTo("ada", 2)).toHaveLength(2)
  })

  it("delivers names and subjects as they are, with one sender and one recipient", async () => {
    mailBy(server.ports.none)
    const name = '=?utf-8?q?Your_bank?= ü, "x" <eve@evil.example>'
    const message: Message = {
      id: "0199",
      date: new Date(),
      to: "bea@example.org",
      from: { name, address: "lapse@example.org" },
      replyTo: { name, address: "grace@example.org" },
      subject: name,
      text: `${"Hello. ".repeat(300)}\n.\nTo: eve@evil.example`,
      html: "<p>Hello.</p>",
      logo: null,
      unsubscribeUrl: null,
    }
    expect(await sendMessage(message)).toMatchObject({ outcome: "accepted" })

    const [mail] = await server.mailsTo("bea", 1)
    if (!mail) throw new Error("nothing arrived")
    const headers = headersOf(mail)
    expect(headers.get("subject")).toBe(name)
    expect(headers.get("from")).toBe(`${name} <lapse@example.org>`)
    expect(headers.get("reply-to")).toBe(`${name} <grace@example.org>`)
    expect(headers.get("to")).toBe("bea@example.org")
    expect(textsOf(mail).plain.replaceAll("\r\n", "\n")).toContain("\n.\nTo: eve@evil.example")
  })

  it("mails links to recipients, and their share says what the server answered, also while it is down", async () => {
    mailBy(server.ports.none)
    const shared = await aSharedFile()
    const typed = ["Dee Dial <dee@example.org>", "busy@example.org", "dee@elsewhere.example"]
    const links = []
    for (const each of typed) links.push(await aRecipient(shared, each))
    const sendAll = async () => {
      const mails = await db.mail.findMany({ where: { sentAt: null, failedAt: null } })
      for (const { id } of mails) await sendMail(id)
    }
    const { owner, shareId } = shared
    const statesOf = async () =>
      (await listLinks({ owner, shareId, kind: "share" }, {})).items.map(({ mail }) => mail)

    mailBy(1) // nothing listens there
    await sendAll()
    expect((await statesOf()).map((mail) => mail?.state)).toEqual(["queued", "queued", "queued"])
    mailBy(server.ports.none)
    await sendAll()

    const answers = [
      "Message accepted for delivery",
      "451 4.7.1 Come back later",
      "550 Invalid recipient",
    ]
    expect(await statesOf()).toEqual(
      ["sent", "queued", "failed"].map((state, at) =>
        expect.objectContaining({ state, answer: expect.stringContaining(answers[at] ?? "") }),
      ),
    )
    const [mail] = await server.mailsTo("dee", 1)
    expect(mail && textsOf(mail).plain).toContain(links[0]?.url)
  })

  it("delivers a mail once whose process is killed while it is silent", async () => {
    const ada = { to: "cy@example.org", language: null, targetId: null }
    await db.$transaction((tx) => queueMail(tx, { kind: "test", values: {}, ...ada }))
    const [mail] = await db.mail.findMany({ select: { id: true } })
    const id = mail?.id ?? ""
    const port = server.ports.none
    server.freeze()
    for (let kills = 0; kills <= MAX_COPIES; kills++) {
      const child = fork(path.join(root, "testing/children/mail-child.ts"), [id, String(port)], {
        execArgv: ["--import", path.join(root, "server/server-only.mjs")],
        env: process.env,
      })
      await once(child, "message")
      await sleep(500)
      const ended = once(child, "exit")
      child.kill("SIGKILL")
      await ended
    }
    server.thaw()
    expect(await db.mail.findUnique({ where: { id } })).toMatchObject({
      attempts: MAX_COPIES + 1,
      unanswered: 0,
      failedAt: null,
    })
    mailBy(port)
    await sendMail(id)
    await sendMail(id)
    expect(await server.mailsTo("cy", 1)).toHaveLength(1)
    expect(await db.mail.findUnique({ where: { id } })).toMatchObject({ unanswered: 0 })
  })
})
