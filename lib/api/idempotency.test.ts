import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { sweep } from "#lib/rooms/jobs/sweep.ts"
import { sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { callApi, signIn } from "#testing/call-api.ts"
import { HOUR } from "#testing/units.ts"
import { call } from "./call.ts"
import { serve } from "./serve.ts"

const file = (name: string) => ({ name, size: 3, contentType: "text/plain" })

type Given = { at?: string; as: string; key?: string; body: unknown }

const post = ({ at = "POST /shares", as, key = "one", body }: Given) =>
  callApi(at, { as, body, headers: { "idempotency-key": key } })

async function aSharing(conditions: { password?: string } = { password: "correct horse" }) {
  const as = await aMember()
  const fileIds = [(await aFile({ owner: as })).id]
  return { as, body: { fileIds, title: "Plans", ...conditions } }
}

const keptFor = (hours: number) =>
  db.keyedCall.updateMany({ data: { createdAt: new Date(Date.now() - hours * HOUR) } })

describe("a call with an Idempotency-Key", () => {
  it("creates a share once, and answers for it as it is now", async () => {
    const sharing = await aSharing()
    const first = await post(sharing)
    const { id } = await first.json()
    await callApi("PATCH /shares/{id}", { as: sharing.as, id, body: { title: "New plans" } })

    const again = await post(sharing)

    expect([first.status, again.status]).toEqual([201, 201])
    expect(await again.json()).toMatchObject({ id, title: "New plans" })
    expect(await db.share.count()).toBe(1)
    expect(await db.auditEntry.count({ where: { action: "share.create" } })).toBe(1)
  })

  it("creates one share of twins, whatever the concurrency", async () => {
    const sharing = await aSharing()
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(sharing)))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201))
    const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).id))
    expect(new Set(ids).size).toBe(1)
    expect(await db.share.count()).toBe(1)
  })

  it("refuses the key with another body, and knows keys by member and call", async () => {
    const sharing = await aSharing()
    const { id } = await (await post(sharing)).json()
    const other = await post({ ...sharing, body: { ...sharing.body, title: "Others" } })
    expect([other.status, (await other.json()).code]).toEqual([422, "key_reused"])

    const stranger = await post(await aSharing())
    expect(stranger.status).toBe(201)
    expect((await stranger.json()).id).not.toBe(id)
    const request = { title: "Plans", folder: "Plans" }
    const asked = { at: "POST /requests", as: sharing.as, body: request }
    const made = await (await post(asked)).json()
    expect((await (await post(asked)).json()).id).toBe(made.id)
    expect(await db.share.count()).toBe(3)
  })

  it("creates it at the second try if the first was refused", async () => {
    const { as, body } = await aSharing({})
    await db.setting.create({ data: { name: "passwordRequired", value: true, changedById: as } })
    expect((await post({ as, body })).status).toBe(403)
    await db.setting.deleteMany()
    expect((await post({ as, body })).status).toBe(201)
  })

  it("keeps no row of a call that was refused, so its key may have another body", async () => {
    const { as, body } = await aSharing({})
    await db.setting.create({ data: { name: "passwordRequired", value: true, changedById: as } })
    const refused = await Promise.all(Array.from({ length: 8 }, () => post({ as, body })))
    expect(refused.map(({ status }) => status)).toEqual(Array(8).fill(403))
    expect(await db.keyedCall.count()).toBe(0)

    const better = { as, body: { ...body, password: "open sesame" } }
    const made = await post(better)
    expect(made.status).toBe(201)
    // A repetition that finds nothing to change and is refused leaves the row of the first.
    expect((await post({ as, body })).status).toBe(422)
    const { id } = await (await post(better)).json()
    expect(id).toBe((await made.json()).id)
    expect(await db.share.count()).toBe(1)
  })

  it("keeps the row of a call that goes on while its twin is refused", async () => {
    const { as, body } = await aSharing()
    const twins = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const made: string[] = []
    let begun = 0
    const twin = call("POST /shares", {
      does: "Creates once it may, and is refused the first time.",
      by: "member",
      body: z.strictObject({ title: z.string() }),
      gives: z.strictObject({ id: z.string() }),
      creates: {
        again: async ({ ids: [id = ""] }) => {
          if (!made.includes(id)) throw refusal("not_found", "nothing")
          return { id }
        },
      },
      run: async ({ ids: [id = ""] }) => {
        const place = begun++
        await twins[place]?.promise
        if (place === 0) throw refusal("not_allowed", "needs_password")
        made.push(id)
        return { id }
      },
    })
    const { POST } = serve([twin])
    const cookie = `${sessionCookieName()}=${await signIn(as)}`
    const send = () =>
      POST(
        new NextRequest("http://localhost:3000/api/v1/shares", {
          method: "POST",
          headers: { cookie, origin: "http://localhost:3000", "idempotency-key": "one" },
          body: JSON.stringify({ title: body.title }),
        }),
      )
    const first = send()
    await expect.poll(() => begun).toBe(1)
    const second = send()
    await expect.poll(() => begun).toBe(2)
    twins[0]?.resolve()
    expect((await first).status).toBe(403)
    twins[1]?.resolve()
    const { id } = await (await second).json()

    expect(await (await send()).json()).toEqual({ id })
    expect(made).toEqual([id])
  })

  it("is forgotten after a day, and stores neither key nor body", async () => {
    const sharing = await aSharing()
    const { id } = await (await post(sharing)).json()
    const rows = JSON.stringify(await db.$queryRaw`SELECT k::text FROM keyed_call k`)
    expect(rows).not.toContain("one")
    await keptFor(23)
    expect((await (await post(sharing)).json()).id).toBe(id)
    await keptFor(25)
    expect((await (await post(sharing)).json()).id).not.toBe(id)
    await keptFor(25)
    await sweep()
    expect(await db.keyedCall.count()).toBe(0)
  })

  it("starts an upload once, and says anew how to send it; a deleted one stays deleted", async () => {
    const as = await aMember()
    const upload = { at: "POST /files", as, body: file("a.txt") }
    const first = await (await post(upload)).json()
    const again = await (await post(upload)).json()
    expect(again.file.id).toBe(first.file.id)
    expect(again.upload.method).toBe("put")
    expect(await db.file.count()).toBe(1)

    await callApi("DELETE /files/{id}", { as, id: first.file.id })
    expect((await post(upload)).status).toBe(404)
  })

  it("answers the file, and no upload, once all of it has arrived", async () => {
    const as = await aMember()
    const upload = { at: "POST /files", as, body: file("a.txt") }
    const batch = { at: "POST /files/batch", as, body: { files: [file("b.txt")] } }
    const started = [await (await post(upload)).json(), (await (await post(batch)).json()).items[0]]
    for (const { file, upload } of started) {
      const { url, headers } = upload
      expect((await fetch(url, { method: "PUT", headers, body: "abc" })).status).toBe(200)
      await callApi("POST /files/{id}/complete", { as, id: file.id })
    }

    const [{ file: one }, { file: other }] = started
    for (const answer of await Promise.all(Array.from({ length: 4 }, () => post(upload)))) {
      expect(answer.status).toBe(201)
      const ready = { file: { id: one.id, status: "ready" }, upload: null }
      expect(await answer.json()).toMatchObject(ready)
    }
    const ready = { file: { id: other.id, status: "ready" }, upload: null }
    expect(await (await post(batch)).json()).toMatchObject({ items: [ready] })
    expect(await db.file.count()).toBe(2)
  })

  it("does not make a batch twice whose answer was lost, and starts what was missing", async () => {
    const as = await aMember()
    const files = ["a.txt", "b.txt", "c.txt"].map(file)
    const batch = { at: "POST /files/batch", as, body: { files } }
    const [first, twin] = await Promise.all([post(batch), post(batch)])
    const ids = async (answer: Response) =>
      (await answer.json()).items.map((item: { file?: { id: string } }) => item.file?.id)
    const started = await ids(first)
    expect(await ids(twin)).toEqual(started)
    expect(await db.file.count()).toBe(3)

    await db.object.deleteMany({ where: { fileId: started[1] } })
    await db.file.delete({ where: { id: started[1] } })
    expect(await ids(await post(batch))).toEqual(started)
    expect(await db.file.count()).toBe(3)
  })

  it("starts what is new once, where a part of a batch had arrived before", async () => {
    const as = await aMember()
    const there = { ...file("there.txt"), fingerprint: "f".repeat(64) }
    const [{ file: before, upload }] = (
      await (await callApi("POST /files/batch", { as, body: { files: [there] } })).json()
    ).items
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: "abc" })
    await callApi("POST /files/{id}/complete", { as, id: before.id })
    const body = { files: [there, file("new.txt")], ifNew: true }
    const batch = { at: "POST /files/batch", as, body }

    const answers = await Promise.all([post(batch), post(batch), post(batch)])
    for (const { items } of await Promise.all(answers.map((answer) => answer.json())))
      expect(items).toMatchObject([
        { file: { id: before.id }, upload: null },
        { file: { name: "new.txt" }, upload: { method: "put" } },
      ])
    expect(await db.file.count()).toBe(2)
  })

  it("counts for tokens too, but never for a token itself", async () => {
    const { as, body } = await aSharing()
    const { token } = await aToken(as, ["shares:write"])
    const headers = { authorization: `Bearer ${token}`, "idempotency-key": "one" }
    const share = async () => (await callApi("POST /shares", { as: null, body, headers })).json()
    expect((await share()).id).toBe((await share()).id)

    const make = { at: "POST /tokens", as, body: { name: "Build", scopes: ["files:read"] } }
    const [one, two] = [await (await post(make)).json(), await (await post(make)).json()]
    expect(one.id).not.toBe(two.id)
    expect(await db.keyedCall.count()).toBe(1)
  })

  it("needs a key of visible characters", async () => {
    const sharing = await aSharing()
    for (const key of ["", " ", "a b", "x".repeat(256)])
      expect((await post({ ...sharing, key })).status).toBe(400)
    expect(await db.share.count()).toBe(0)
  })
})
