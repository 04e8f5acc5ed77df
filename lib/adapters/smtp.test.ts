import { readFileSync } from "node:fs"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import {
  CA_FILE,
  headersOf,
  startHostileServer,
  startMailServer,
  textsOf,
} from "#testing/mail/mail-server.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { trust } from "./configuration.ts"
import { deliver } from "./smtp/deliver.ts"
import { type Message, sendMessage } from "./smtp.ts"
import { hasHidden } from "./text/hidden-characters.ts"

const usual = getCACertificates("default")
beforeAll(() => trust([readFileSync(CA_FILE, "utf8")]))
afterAll(() => setDefaultCACertificates(usual))

const PATIENCE = { connectMs: 300, silenceMs: 400, totalMs: 600 }

type Server = { port: number; close(): Promise<void> }
const servers: Server[] = []
afterEach(async () => {
  withoutMail()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function started<Started extends Server>(starting: Promise<Started>) {
  const server = await starting
  servers.push(server)
  return server
}

const aServer = (behaviour: Parameters<typeof startMailServer>[0]) =>
  started(startMailServer(behaviour))

const offerTo = (
  port: number,
  security: "starttls" | "tls" | "none",
  more: { user?: string; password?: string; host?: string } = {},
) => {
  const { user = null, password = "", host = "localhost" } = more
  return {
    server: { host, port, security, user, password },
    name: "lapse.example.org",
    from: "lapse@example.org",
    to: "ada@example.org",
    message: Buffer.from("Subject: Test\r\n\r\nHello.\r\n"),
  }
}

describe("deliver", () => {
  it("encrypts by STARTTLS and from the start, and not where that is asked for", async () => {
    for (const security of ["starttls", "tls", "none"] as const) {
      const { port, mails } = await aServer({ security })
      expect(await deliver(offerTo(port, security))).toMatchObject({ outcome: "accepted" })
      expect(mails).toMatchObject([{ encrypted: security !== "none", to: ["ada@example.org"] }])
    }
  })

  it("sends nothing to a server that offers no STARTTLS, or whose certificate is not for it", async () => {
    const plain = await aServer({ security: "none" })
    const other = await aServer({ security: "starttls", host: "elsewhere" })
    const unknown = await aServer({ security: "tls" })
    const delivered = await Promise.all([
      deliver(offerTo(plain.port, "starttls")),
      deliver(offerTo(other.port, "starttls")),
      deliver(offerTo(plain.port, "tls")),
    ])
    setDefaultCACertificates(usual)
    const untrusted = await deliver(offerTo(unknown.port, "tls"))
    trust([readFileSync(CA_FILE, "utf8")])

    expect(delivered.map(({ outcome }) => outcome)).toEqual(["later", "later", "later"])
    expect(delivered[1]?.answer).toContain("does not match certificate")
    expect(untrusted).toMatchObject({
      outcome: "later",
      answer: expect.stringMatching(/certificate|issuer/),
    })
    expect([...plain.mails, ...other.mails, ...unknown.mails]).toEqual([])
  })

  it("signs in, and tries again later after a wrong password, which may be corrected", async () => {
    const login = { user: "lapse", password: "right:/@" }
    const { port, mails } = await aServer({ security: "starttls", login })
    const wrong = await deliver(offerTo(port, "starttls", { user: "lapse", password: "wrong" }))
    expect(wrong).toMatchObject({ outcome: "later", answer: expect.stringContaining("535 5.7.8") })
    expect(mails).toEqual([])
    expect(await deliver(offerTo(port, "starttls", login))).toMatchObject({ outcome: "accepted" })
  })

  it("gives the server's own words for a refused recipient, greylisting and a refused message", async () => {
    const recipient = await aServer({ onRecipient: () => "550 5.1.1 No such user here" })
    const grey = await aServer({ onRecipient: () => "451 4.7.1 Greylisted, come back later" })
    const spam = await aServer({ onMessage: () => "554 5.7.1 This looks like spam" })
    const busy = await aServer({ onMessage: () => "452 4.3.1 Disk full" })
    const answers = []
    for (const { port } of [recipient, grey, spam, busy]) {
      answers.push(await deliver(offerTo(port, "none")))
    }

    expect(answers).toEqual([
      { outcome: "refused", answer: "550 5.1.1 No such user here" },
      { outcome: "later", answer: "451 4.7.1 Greylisted, come back later" },
      { outcome: "refused", answer: "554 5.7.1 This looks like spam" },
      { outcome: "later", answer: "452 4.3.1 Disk full" },
    ])
  })

  it("does not know the outcome if the connection is lost after the message, but does before it", async () => {
    const lost = await aServer({ onMessage: () => "lost" })
    expect(await deliver(offerTo(lost.port, "none"))).toMatchObject({ outcome: "unknown" })
    expect(lost.mails).toHaveLength(1)

    const gone = await started(startHostileServer((socket) => socket.end("220 hello\r\n")))
    expect(await deliver(offerTo(gone.port, "none"))).toMatchObject({ outcome: "later" })
    const nobody = await startHostileServer(() => {})
    await nobody.close()
    expect(await deliver(offerTo(nobody.port, "none"))).toMatchObject({
      outcome: "later",
      answer: expect.stringContaining("ECONNREFUSED"),
    })
  })

  it("asks just before the text goes out, and sends none if that throws", async () => {
    const { port, mails } = await aServer({})
    const offer = offerTo(port, "none")
    const failing = deliver({
      ...offer,
      beforeText: () => Promise.reject(new Error("no database")),
    })
    await expect(failing).rejects.toThrow("no database")
    expect(mails).toEqual([])
    expect(await deliver({ ...offer, beforeText: async () => {} })).toMatchObject({
      outcome: "accepted",
    })
  })

  it("bounds what a hostile server can do: silence, drops of bytes, endless lines, answers without end", async () => {
    const silent = await started(startHostileServer(() => {}))
    const slow = await started(
      startHostileServer((socket) => {
        const timer = setInterval(() => socket.write("2"), 50)
        socket.on("close", () => clearInterval(timer))
      }),
    )
    const endless = await started(
      startHostileServer((socket) => {
        socket.write("220 hello\r\n")
        socket.on("data", () => socket.write("2".repeat(5_000_000)))
      }),
    )
    const chatty = await started(
      startHostileServer((socket) => {
        socket.write("220 hello\r\n")
        socket.on("data", () => socket.write("250-more\r\n".repeat(500_000)))
      }),
    )
    const delivered = await Promise.all(
      [silent, slow, endless, chatty].map(({ port }) => deliver(offerTo(port, "none"), PATIENCE)),
    )

    for (const { outcome, answer } of delivered) {
      expect(outcome).toBe("later")
      expect(answer.length).toBeLessThanOrEqual(500)
    }
  })

  it("keeps control characters of a server's answer out of what people read", async () => {
    const { port } = await started(
      startHostileServer((socket) => socket.end(`554 no\u202e \u001b[31m${"x".repeat(9_000)}\r\n`)),
    )
    const { answer } = await deliver(offerTo(port, "none"), PATIENCE)
    expect(hasHidden(answer)).toBe(false)
    expect(answer.length).toBeLessThanOrEqual(500)
  })
})

const MESSAGE: Message = {
  id: "0199",
  date: new Date("2026-11-29T12:00:00Z"),
  to: "ada@example.org",
  from: { name: "Lapse", address: "lapse@example.org" },
  replyTo: null,
  subject: "Hello",
  text: "Hello.",
  html: "<p>Hello.</p>",
  logo: null,
  unsubscribeUrl: null,
}

describe("sendMessage", () => {
  it("adds no header and no recipient, whatever names and subjects contain", async () => {
    const { port, mails } = await aServer({})
    mailBy(port)
    const evil = "x\r\nBcc: eve@evil.example\r\n\r\n<b>bold</b>"
    for (const name of [evil, 'a", <eve@evil.example>, "', "eve@evil.example, x", "\u2028Bcc: x"]) {
      mails.length = 0
      const sent = await sendMessage({
        ...MESSAGE,
        from: { name, address: "lapse@example.org" },
        replyTo: { name, address: "grace@example.org" },
        subject: name,
      })

      expect(sent.outcome).toBe("accepted")
      const [mail] = mails
      if (!mail) throw new Error("nothing arrived")
      expect(mail.to).toEqual(["ada@example.org"])
      const headers = headersOf(mail)
      expect([...headers.keys()].sort()).toEqual([
        "auto-submitted",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "reply-to",
        "subject",
        "to",
      ])
      expect(headers.get("from")).toMatch(/<lapse@example\.org>$/)
      expect(headers.get("reply-to")).toMatch(/<grace@example\.org>$/)
      expect(textsOf(mail)).toEqual({ plain: "Hello.", html: "<p>Hello.</p>" })
    }
  })

  it("shows names and subjects as they are, also those that look encoded", async () => {
    const { port, mails } = await aServer({})
    mailBy(port)
    for (const text of [
      "=?utf-8?q?Your_bank?=",
      "=?us-ascii?B?WW91ciBiYW5r?=",
      "about =?utf-8?Q?a b?= and =?UTF-8?X?y?=",
      "Grace Hopper",
      `${"Ünïcode ".repeat(20)}=?utf-8?q?x?= 🦊 "quoted" \\ end`,
      "x".repeat(300),
    ]) {
      mails.length = 0
      const person = { name: text, address: "grace@example.org" }
      await sendMessage({ ...MESSAGE, from: person, replyTo: person, subject: text })
      const [mail] = mails
      if (!mail) throw new Error("nothing arrived")
      const headers = headersOf(mail)
      expect(headers.get("subject")).toBe(text)
      expect(headers.get("from")).toBe(`${text} <grace@example.org>`)
      expect(headers.get("reply-to")).toBe(`${text} <grace@example.org>`)
      expect(mail.raw.split("\r\n").filter((line) => line.length > 998)).toEqual([])
    }
  })

  it("refuses several addresses in place of one", async () => {
    const { port, mails } = await aServer({})
    mailBy(port)
    for (const to of [
      "ada@example.org>\r\nRCPT TO:<eve@evil.example",
      "ada@example.org, eve@evil.example",
      "ada@example.org\r\nBcc: eve@evil.example",
    ]) {
      await sendMessage({ ...MESSAGE, to })
    }
    expect(mails.flatMap(({ to }) => to).filter((to) => to === "eve@evil.example")).toEqual([])
    expect(mails.flatMap(({ raw }) => raw).join()).not.toMatch(/^Bcc:/im)
  })

  it("says that it cannot send if SMTP_URL is not set", async () => {
    expect(await sendMessage(MESSAGE)).toEqual({
      outcome: "later",
      answer: "SMTP_URL isn’t set.",
    })
  })
})
