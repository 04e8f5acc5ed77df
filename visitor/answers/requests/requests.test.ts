import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { sendMail } from "#lib/rooms/mail/send-mail.ts"
import { endDeliveries } from "#lib/rooms/requests/end-deliveries.ts"
import { newRequestLink, revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { eraseDelivery } from "#lib/rooms/requests/erase-deliveries.ts"
import { requireRequest } from "#lib/rooms/requests/read-requests.ts"
import { RequestFields } from "#lib/rooms/requests/request.ts"
import { revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { aRequest } from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { headersOf, textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer } from "#testing/mail/with-mail.ts"
import { aClient, FORM, headerOf } from "#testing/visitors/visitor-client.ts"

const JSON_TYPE = { "content-type": "application/json", accept: "application/json" }

const pathOf = (url: string) => new URL(url).pathname

const BYTES = "some bytes"

/** A client that sends a file by the addresses of a request. */
function aSender(path: string) {
  const client = aClient()
  const call = async (method: string, below: string, body?: unknown, headers = {}) => {
    const answer = await client.send(method, `${path}${below}`, {
      by: "script",
      headers: { ...JSON_TYPE, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = typeof answer.body === "string" ? answer.body : ""
    return { status: answer.status, answer, json: text ? JSON.parse(text) : null }
  }
  const start = (name = "boat.jpg", more = {}) =>
    call("POST", "/files", { name, size: BYTES.length, ...more })
  const send = async (name?: string) => {
    const { json } = await start(name)
    const { url, headers } = json.upload
    await fetch(url, { method: "PUT", headers, body: BYTES })
    return call("POST", `/files/${json.file.id}/complete`)
  }
  return { client, call, start, send }
}

describe("the page of a request", () => {
  it("says who asks for what, counts a view, and has a recipe for curl", async () => {
    const { id, ownerId, url } = await aRequest({ message: "The ones of Saturday", types: ["jpg"] })

    const answer = await aClient().send("GET", pathOf(url))

    expect(answer.status).toBe(200)
    expect(answer.body).toContain("Photos, please")
    expect(answer.body).toContain("The ones of Saturday")
    expect(answer.body).toContain(`${url}/files`)
    expect(answer.body).not.toContain("Inbox")
    expect(await requireRequest(ownerId, id)).toMatchObject({ views: 1, botViews: 0 })
    await aClient().send("GET", pathOf(url), { by: "unfurler" })
    expect(await requireRequest(ownerId, id)).toMatchObject({ views: 1, botViews: 1 })
  })

  it("leads the sender of its one delivery to the receipt, and tells others that it is closed", async () => {
    const { ownerId, id, url } = await aRequest({ reusable: false })
    const [sender, other] = [aSender(pathOf(url)), aSender(pathOf(url))]
    for (const each of [sender, other]) await each.send()
    await sender.call("POST", "/done", {})

    const answer = await sender.client.send("GET", pathOf(url))
    expect(answer).toMatchObject({ status: 303, body: null })
    expect(headerOf(answer, "location")).toBe(`${pathOf(url)}/receipt`)
    const receipt = await sender.client.send("GET", `${pathOf(url)}/receipt`)
    expect(receipt.body).toContain("Your files have arrived")
    for (const { client } of [other, { client: aClient() }]) {
      const closed = await client.send("GET", pathOf(url))
      expect(closed.status).toBe(410)
      expect(closed.body).toContain("This request is closed")
    }

    await revokeRequest(ownerId, id)
    expect((await sender.client.send("GET", pathOf(url))).status).toBe(410)
  })

  it("names the types that it takes", async () => {
    const limitsOf = async (types: string[]) => {
      const { url } = await aRequest({ types })
      const { body } = await aClient().send("GET", pathOf(url))
      return /Only [^<]*/.exec(String(body))?.[0]
    }

    expect(await limitsOf(["image/*", "video/*"])).toBe("Only photos and videos.")
    expect(await limitsOf(["pdf", "application/pdf", "audio/*", "application/vnd.ms-excel"])).toBe(
      "Only PDF files, audio files, and application/vnd.ms-excel files.",
    )
  })

  it("is 410 once it is revoked, and 404 for a token of something else", async () => {
    const { id, ownerId, url } = await aRequest()
    const token = url.split("/").at(-1) ?? ""

    await revokeRequest(ownerId, id)

    const answer = await aClient().send("GET", pathOf(url))
    expect(answer).toMatchObject({ status: 410 })
    expect(answer.body).not.toContain("/ask")
    expect(await aClient().send("GET", `/s/${token}`)).toMatchObject({ status: 404 })
    expect(await aClient().send("GET", `/r/${token.slice(1)}A`)).toMatchObject({ status: 404 })
    expect(await aClient().send("GET", `/r/${token}/d/x`)).toMatchObject({ status: 404 })
  })

  it("opens with its password, which the ticket then stands for", async () => {
    const { url } = await aRequest({ password: "open sesame" })
    const sender = aSender(pathOf(url))
    const unlock = (password: string) =>
      sender.client.send("POST", `${pathOf(url)}/unlock`, {
        headers: FORM,
        body: new URLSearchParams({ password }).toString(),
      })

    expect((await sender.start()).status).toBe(401)
    expect(headerOf(await unlock("wrong"), "location")).toBe(`${pathOf(url)}?error=password`)
    expect((await sender.start()).status).toBe(401)
    expect(headerOf(await unlock("open sesame"), "location")).toBe(pathOf(url))
    expect((await sender.start()).status).toBe(201)
    sender.client.jar.delete("lapse-unlock")
    expect((await sender.start()).status).toBe(201)
  })

  it("opens at its chosen address, and guesses are slowed", async () => {
    const { id, ownerId } = await aRequest({ slug: "photos" })

    expect(await aClient().send("GET", "/r/photos")).toMatchObject({ status: 200 })
    const guesser = aClient()
    const statuses: number[] = []
    for (let n = 0; n < 40; n++) statuses.push((await guesser.send("GET", `/r/guess-${n}`)).status)
    expect([statuses[0], statuses.at(-1)]).toEqual([404, 429])
    expect(await guesser.send("GET", "/r/photos")).toMatchObject({ status: 200 })
    await newRequestLink(acting(ownerId), id, { keepSlug: false })
    expect(await aClient().send("GET", "/r/photos")).toMatchObject({ status: 404 })
  })
})

describe("a sender", () => {
  it("sends files, ends the delivery and keeps the receipt", async () => {
    const fields = RequestFields.parse({ name: "required" })
    const { id, ownerId, url } = await aRequest({ fields, thanks: "Thank you!" })
    const sender = aSender(pathOf(url))

    expect(await sender.send()).toMatchObject({ status: 200, json: { status: "ready", path: "" } })
    expect((await sender.call("GET", "/files")).json.items).toMatchObject([{ name: "boat.jpg" }])
    expect(await sender.call("POST", "/done", {})).toMatchObject({ status: 400 })
    const done = { sender: { name: "Bo" } }
    expect(await sender.call("POST", "/done", done)).toMatchObject({
      status: 200,
      json: { thanks: "Thank you!", files: [{ name: "boat.jpg", size: BYTES.length }] },
    })
    expect(await sender.call("POST", "/done", done)).toMatchObject({ status: 200 })
    expect(await sender.start()).toMatchObject({ status: 409 })
    expect((await aClient().send("GET", `${pathOf(url)}/receipt`)).status).toBe(404)
    const page = await sender.client.send("GET", `${pathOf(url)}/receipt`)
    expect(page.body).toContain("boat.jpg")
    expect(page.body).toContain("Thank you!")
    expect(await requireRequest(ownerId, id)).toMatchObject({ deliveries: 1 })
  })

  it("gets the receipt by mail, in which nothing is the sender's, by a link for any browser", async () => {
    const mailServer = await aMailServer()
    try {
      const fields = RequestFields.parse({ address: "required", own: [{ label: "Team" }] })
      const { ownerId, url } = await aRequest({ fields, title: "Photos, please" })
      const [sender, other] = [aSender(pathOf(url)), aSender(pathOf(url))]
      expect((await sender.client.send("GET", pathOf(url))).body).toContain("mail the receipt")
      for (const each of [sender, other]) await each.send("win-a-prize.jpg")
      const address = "bo@example.org"
      const answers = { sender: { name: "Mallory Evil", address }, fields: { Team: "Click here" } }
      await sender.call("POST", "/done", answers)
      await other.call("POST", "/done", { sender: { address: "cy@example.org" } })
      for (const { id } of await db.mail.findMany({ orderBy: { id: "asc" } })) await sendMail(id)

      const [mail, others] = mailServer.mails
      if (!mail || !others) throw new Error("nothing arrived")
      const { plain, html } = textsOf(mail)
      expect(headersOf(mail).get("subject")).toBe("Receipt for “Photos, please”")
      for (const text of [plain, html]) {
        expect(text).toContain("received 1 file (10 bytes) for “Photos, please” on")
        expect(text).not.toMatch(/Mallory|Evil|win-a-prize|Team|Click|bo@example/)
      }
      const linkIn = (text: string) => /https?:\S+\/receipt\?of=\S+/.exec(text)?.[0] ?? ""
      const { pathname, search } = new URL(linkIn(plain))
      const page = await aClient().send("GET", pathname + search)
      expect(page).toMatchObject({ status: 200 })
      expect(page.body).toContain("win-a-prize.jpg")
      // It proves this delivery and nothing else.
      const elsewhere = new URL(linkIn(textsOf(others).plain)).searchParams.get("of") ?? ""
      const swapped = `${elsewhere.split(".")[0]}.${search.split(".")[1]}`
      expect(await aClient().send("GET", `${pathname}?of=${swapped}`)).toMatchObject({
        status: 404,
      })
      const { url: another } = await aRequest({ owner: ownerId })
      const moved = await aClient().send("GET", `${pathOf(another)}/receipt${search}`)
      expect(moved).toMatchObject({ status: 404 })
      expect(await aClient().send("GET", `${pathOf(url)}/files${search}`)).toMatchObject({
        status: 404,
      })
      const [delivery] = await db.delivery.findMany({ where: { address } })
      await eraseDelivery(ownerId, delivery?.id ?? "", { files: "keep" })
      expect(await aClient().send("GET", pathname + search)).toMatchObject({ status: 404 })
    } finally {
      await mailServer.close()
    }
    const { url } = await aRequest({ fields: RequestFields.parse({ address: "required" }) })
    expect((await aClient().send("GET", pathOf(url))).body).not.toContain("mail the receipt")
  })

  it("finds the name of the recipient in the form, and never the address", async () => {
    const fields = RequestFields.parse({ name: "optional", address: "optional" })
    const { id: shareId, ownerId: owner, url } = await aRequest({ fields })
    const of = { owner, shareId, kind: "request" } as const
    const pia = await aRecipient(of, '"Pia \\"><script>" <pia@example.org>')
    const bo = await aRecipient(of, "bo@example.org")
    const named = async (at: string) => {
      const { body } = await aClient().send("GET", pathOf(at))
      expect(body).not.toContain("@example.org")
      return /<input[^>]* name="name"[^>]*? value="([^"]*)"/.exec(String(body))?.[1] ?? null
    }
    expect(await named(pia.url)).toBe("Pia &quot;&gt;&lt;script&gt;")
    expect([await named(bo.url), await named(url)]).toEqual([null, null])
  })

  it("reads a receipt of a recipient's revoked link by the link's own token, which opens nothing else", async () => {
    const mailServer = await aMailServer()
    try {
      const fields = RequestFields.parse({ address: "required" })
      const { id: shareId, ownerId: owner } = await aRequest({ fields })
      const of = { owner, shareId, kind: "request" } as const
      const pia = await aRecipient(of, "Pia")
      const sender = aSender(pathOf(pia.url))
      await sender.send("boat.jpg")
      await sender.call("POST", "/done", { sender: { address: "pia@example.org" } })
      await sendMail((await db.mail.findFirstOrThrow()).id)
      const [mail] = mailServer.mails
      if (!mail) throw new Error("nothing arrived")
      const { plain } = textsOf(mail)
      const { pathname, search } = new URL(/https?:\S+\/receipt\?of=\S+/.exec(plain)?.[0] ?? "")
      expect(pathname).toBe(`${pathOf(pia.url)}/receipt`)

      await revokeLink(linkAt(of, pia.id))
      const { send } = aClient()
      expect((await send("GET", pathname + search)).body).toContain("boat.jpg")
      expect(await send("GET", pathOf(pia.url) + search)).toMatchObject({ status: 410 })
    } finally {
      await mailServer.close()
    }
  })

  it("starts many at once, each with an answer, and gets one ticket", async () => {
    const { url } = await aRequest({ maxFiles: 2 })
    const sender = aSender(pathOf(url))
    const file = { name: "a.txt", size: 1 }

    const { status, json } = await sender.call("POST", "/files/batch", {
      files: [file, { name: "../x", size: 1 }, file, file],
    })

    expect(status).toBe(201)
    expect(json.items).toMatchObject([
      { file: { name: "a.txt" } },
      { problem: { status: 400 } },
      { file: { name: "a.txt" } },
      { problem: { code: "quota_exceeded" } },
    ])
    expect(await db.delivery.count()).toBe(1)
  })

  it("starts no file again that has arrived under its name in this delivery, and knows the sender", async () => {
    const { url } = await aRequest()
    const [sender, other] = [aSender(pathOf(url)), aSender(pathOf(url))]
    const fingerprint = "ab".repeat(32)
    const file = { name: "a.txt", size: BYTES.length, fingerprint }
    const batch = (by: typeof sender) =>
      by.call("POST", "/files/batch", { files: [file], ifNew: true, sender: { name: "Nora" } })
    const { json } = await batch(sender)
    const [{ file: started, upload }] = json.items
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: BYTES })
    await sender.call("POST", `/files/${started.id}/complete`)

    expect((await batch(sender)).json.items).toMatchObject([
      { file: { id: started.id }, upload: null },
    ])
    const different = { ...file, size: BYTES.length + 1 }
    const refused = await sender.call("POST", "/files/batch", { files: [different], ifNew: true })
    expect(refused.json.items).toMatchObject([
      { problem: { status: 409, field: "name" }, file: { id: started.id } },
    ])
    expect((await batch(other)).json.items).toMatchObject([{ upload: { method: "put" } }])
    expect(await db.delivery.findMany()).toMatchObject([{ name: "Nora" }, { name: "Nora" }])
  })

  it("sees and changes nothing of others, nor without a ticket", async () => {
    const { url } = await aRequest()
    const [one, other] = [aSender(pathOf(url)), aSender(pathOf(url))]
    const { json } = await one.start()
    await other.start()

    for (const [method, below] of [
      ["POST", `/files/${json.file.id}/complete`],
      ["POST", `/files/${json.file.id}/upload`],
      ["GET", `/files/${json.file.id}/parts`],
      ["DELETE", `/files/${json.file.id}`],
    ] as const) {
      expect(await other.call(method, below)).toMatchObject({ status: 404 })
      expect(await aSender(pathOf(url)).call(method, below)).toMatchObject({ status: 404 })
    }
    expect((await other.call("GET", "/files")).json.items).toHaveLength(1)
    expect((await aSender(pathOf(url)).call("GET", "/files")).status).toBe(404)
    expect((await one.call("DELETE", `/files/${json.file.id}`)).status).toBe(204)
  })

  it.each([
    ["files/batch", { files: Array.from({ length: 501 }, () => ({ name: "a", size: 1 })) }],
    ["files/batch", { files: [] }],
    ["files", { name: "a", size: 1e30 }],
    ["files", { name: "a", size: -1 }],
    ["files", { name: "a", size: 1.5 }],
    ["files", { name: "x".repeat(10_000), size: 1 }],
    ["files", { name: "a", path: "../..", size: 1 }],
    ["files", { name: "a", path: "x/".repeat(5_000), size: 1 }],
    ["files", { name: "a", size: 1, ownerId: "me" }],
    ["files", { name: "a", size: 1, sender: { name: "x".repeat(10_000) } }],
    ["files", "x".repeat(600 * 1024)],
    ["parts", { partNumbers: Array.from({ length: 101 }, (_, n) => n + 1) }],
    ["parts", { partNumbers: [10 ** 9] }],
    ["parts", { partNumbers: [0] }],
    ["done", { fields: { Team: "x".repeat(100_000) } }],
    ["done", { fields: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [n, "x"])) }],
  ])("is refused what is too much (%s, case %#)", async (below, body) => {
    const { url } = await aRequest()
    const sender = aSender(pathOf(url))
    const { json } = below === "done" ? await sender.send() : await sender.start()
    const at = below === "parts" ? `files/${json.file.id}/parts` : below

    const { status } = await sender.call("POST", `/${at}`, body)

    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(await db.file.count()).toBe(1)
  })

  it("is not told by any filter that a file is held", async () => {
    const { url } = await aRequest()
    const sender = aSender(pathOf(url))
    const { json } = await sender.send()
    await db.file.update({ where: { id: json.id }, data: { status: "held", heldFor: "Eicar" } })
    const filtered = (status: string) => sender.call("GET", `/files?status=${status}`)

    expect(await filtered("held")).toMatchObject({ status: 400 })
    expect((await filtered("ready")).json.items).toEqual([])
    expect((await filtered("checking")).json.items).toMatchObject([
      { id: json.id, status: "checking", heldFor: null },
    ])
  })

  it("sends no thumbnail, and reads no file", async () => {
    const { url } = await aRequest()
    const sender = aSender(pathOf(url))
    const { json } = await sender.send()

    for (const below of ["thumbnail", "thumbnail/source", "thumbnail/complete", "download", ""]) {
      for (const method of ["GET", "POST"]) {
        const { status } = await sender.call(method, `/files/${json.id}/${below}`, {})
        expect([404, 405]).toContain(status)
      }
    }
    expect(await db.object.count({ where: { kind: "thumbnail" } })).toBe(0)
  })

  it("gets no HEAD of a list, and is told what is allowed", async () => {
    const { url } = await aRequest()
    const { call } = aSender(pathOf(url))

    for (const [method, below, allow] of [
      ["HEAD", "/files", "GET, POST"],
      ["PATCH", "/files", "GET, POST"],
      ["OPTIONS", "/files/batch", "POST"],
      ["POST", "/receipt", "GET, HEAD"],
      ["DELETE", "", "GET, HEAD"],
    ] as const) {
      const { status, answer } = await call(method, below)
      expect([below, status, headerOf(answer, "allow")]).toEqual([below, 405, allow])
    }
  })

  it("has a cookie for this request alone", async () => {
    const { url } = await aRequest()
    const { answer } = await aSender(pathOf(url)).start()

    const cookies = answer.headers.filter(([name]) => name === "Set-Cookie")
    expect(cookies).toHaveLength(1)
    expect(cookies[0]?.[1]).toMatch(
      new RegExp(
        `^lapse-delivery=[^;]+; Path=${pathOf(url)}; Max-Age=2592000; HttpOnly; SameSite=Lax`,
      ),
    )
    expect(headerOf(answer, "cache-control")).toBe("no-store")
  })

  it("is told the sender's name with a file", async () => {
    const { url } = await aRequest()
    await aSender(pathOf(url)).start("a.txt", { sender: { name: "Bo" } })

    expect(await db.delivery.findFirst()).toMatchObject({ name: "Bo" })
  })

  it("is not renamed by a file that is refused, before the end or after", async () => {
    const { url } = await aRequest({ types: ["jpg"] })
    const sender = aSender(pathOf(url))
    await sender.send()
    const { json } = await sender.start("b.jpg", { sender: { name: "Bo" } })
    const refused = () => sender.start("a.exe", { sender: { name: "Eve", address: "eve@x.org" } })
    const named = () => db.delivery.findFirst({ select: { name: true, address: true } })

    expect((await refused()).status).toBe(403)
    expect(await named()).toEqual({ name: "Bo", address: "" })
    await sender.call("DELETE", `/files/${json.file.id}`)
    expect(await sender.call("POST", "/done", {})).toMatchObject({ status: 200 })
    expect((await refused()).status).toBe(403)
    expect(await named()).toEqual({ name: "Bo", address: "" })
  })

  it("begins another delivery once the owner erased the sender", async () => {
    const { ownerId, url } = await aRequest()
    const sender = aSender(pathOf(url))
    await sender.send()
    const { json } = await sender.start("late.jpg", { sender: { name: "Bo" } })
    const { id } = await db.delivery.findFirstOrThrow()
    await eraseDelivery(ownerId, id, { files: "keep" })

    for (const [method, below] of [
      ["GET", "/files"],
      ["POST", `/files/${json.file.id}/upload`],
      ["POST", `/files/${json.file.id}/complete`],
      ["DELETE", `/files/${json.file.id}`],
      ["POST", "/done"],
      ["GET", "/receipt"],
    ] as const)
      expect(await sender.call(method, below)).toMatchObject({ status: 404 })
    expect(await endDeliveries()).toBe(1)

    expect(await sender.send("again.jpg")).toMatchObject({ status: 200 })
    expect(await sender.call("POST", "/done", {})).toMatchObject({
      status: 200,
      json: { files: [{ name: "again.jpg" }] },
    })
    expect(await db.delivery.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { id, name: "", network: null },
      { name: "", doneAt: expect.any(Date) },
    ])
  })

  it("begins only so many deliveries", async () => {
    const { url } = await aRequest()
    const client = aClient()
    const statuses: number[] = []
    for (let n = 0; n < 31; n++) {
      client.jar.clear()
      const { status } = await client.send("POST", `${pathOf(url)}/files`, {
        by: "script",
        headers: JSON_TYPE,
        body: JSON.stringify({ name: "a", size: 1 }),
      })
      statuses.push(status)
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([201, 429])
  })
})
