import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { newId, newIds } from "#lib/adapters/text/uuid.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { newLink } from "#lib/rooms/shares/edit/new-link.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { restoreShare } from "#lib/rooms/shares/revoke/restore-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { acting } from "#testing/builders/acting.ts"
import { aSharedFile, clickOn, type SharedFile } from "#testing/builders/shared-file.ts"
import { callApi } from "#testing/call-api.ts"
import { click, newVisitor, noCookies, source } from "#testing/look-and-click.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { inDays } from "#testing/units.ts"
import { addLinks } from "./add-links.ts"
import { editLink } from "./edit-link.ts"
import { eraseEndedRecipients, eraseLink } from "./erase-recipients.ts"
import { type LinkView, OPEN_LINK, Recipient } from "./link.ts"
import { listLinks, requireLink } from "./read-links.ts"
import { restoreLink, revokeLink } from "./revoke-link.ts"

const publicIdOf = (url: string) => {
  const publicId = readLinkToken(url.split("/").at(-1) ?? "")
  if (!publicId) throw new Error("the link has a token")
  return publicId
}
const pageOf = (url: string) =>
  openLink({ publicId: publicIdOf(url), cookies: noCookies, kind: null, source: null })
const stateOf = async (url: string) => (await pageOf(url)).state
const linksOf = ({ owner, shareId }: SharedFile) => ({ owner, shareId, kind: "share" as const })
const listed = async (shared: SharedFile) => (await listLinks(linksOf(shared), {})).items
/** What the audit log holds about links, as text. */
const audited = async () =>
  JSON.stringify(await db.auditEntry.findMany({ where: { action: { contains: "_link" } } }))

describe("a recipient as typed", () => {
  it.each([
    ["maria@example.org", "", "maria@example.org"],
    ["  Maria Mail <Maria@Example.ORG> ", "Maria Mail", "maria@example.org"],
    ['"Mail, Maria" <maria@example.org>', "Maria Mail", "maria@example.org"],
    ["Maria", "Maria", ""],
    ["Pia\r\nBcc: all <pia@example.org>", "Bcc: all", "pia@example.org"],
    ["=HYPERLINK(1) <pia@example.org>", "=HYPERLINK(1)", "pia@example.org"],
    [`${"x".repeat(81)} <pia@example.org>`, "", "pia@example.org"],
  ])("%j is a name and an address", (typed, name, address) => {
    expect(parse(Recipient, typed)).toEqual({ name, address })
  })

  it.each([
    "",
    "   ",
    "maria@",
    "Maria <>",
    "Maria <maria>",
    "x".repeat(81),
    "Maria\nBcc: all",
    "p\u0456a@example.org",
    `${"x".repeat(600)}@example.org`,
  ])("%j is refused", (typed) => {
    expect(() => parse(Recipient, typed)).toThrow(Refusal)
  })
})

describe("recipients that are added", () => {
  it("each have a link of their own, and are listed in their order, page by page", async () => {
    const shared = await aSharedFile()
    const typed = ["Pia <pia@example.org>", "Bo", "al@example.org"]
    const recipients = typed.map((each) => ({ recipient: parse(Recipient, each), maxDownloads: 2 }))
    const added = await addLinks(linkAt(shared, ""), recipients, { ids: newIds(typed.length) })

    expect(added).toMatchObject([
      { name: "Pia", address: "pia@example.org", open: false, maxDownloads: 2, mail: null },
      { name: "Bo", address: "" },
      { name: "", address: "al@example.org", openedAt: null, revokedAt: null, verify: false },
    ])
    const urls = added.map((link) => (link as LinkView).url)
    expect(await Promise.all(urls.map(stateOf))).toEqual(["open", "open", "open"])
    const first = await listLinks(linksOf(shared), { limit: 2 })
    expect(first.items).toEqual(added.slice(0, 2))
    const rest = await listLinks(linksOf(shared), { limit: 2, cursor: first.nextCursor ?? "" })
    expect(rest).toEqual({ items: added.slice(2), nextCursor: null })
    const found = await listLinks(linksOf(shared), { q: "PIA@" })
    expect(found.items).toEqual(added.slice(0, 1))
  })

  it("are added once for an address, however often it is sent at the same moment", async () => {
    const shared = await aSharedFile()
    const add = () => aRecipient(shared)

    const added = await Promise.allSettled(Array.from({ length: 10 }, add))

    expect(added.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    await expect(add()).rejects.toBeRefusal("conflict", { field: "recipient" })
    expect(await listed(shared)).toHaveLength(1)
  })

  it("have an answer each, and bad ones do not stop the others", async () => {
    const shared = await aSharedFile()
    const recipients = ["Pia <pia@example.org>", "no one@", "PIA@example.org", "Bo"]
    const send = (headers = {}) =>
      callApi("POST /shares/{id}/links/batch", {
        as: shared.owner,
        id: shared.shareId,
        body: { recipients },
        headers,
      })
    const key = { "idempotency-key": "once" }
    const answer = await send(key)

    expect(answer.status).toBe(201)
    const { items } = await answer.json()
    expect(items).toMatchObject([
      { link: { address: "pia@example.org" } },
      { problem: { code: "invalid", field: "recipient" } },
      { problem: { code: "conflict", field: "recipient" } },
      { link: { name: "Bo" } },
    ])
    expect((await (await send(key)).json()).items).toEqual(items)
    expect(await listed(shared)).toHaveLength(2)
    const { items: again } = await (await send()).json()
    expect(again).toMatchObject([{ problem: {} }, { problem: {} }, { problem: {} }, { link: {} }])
  })

  it("come with a new share, which nobody else opens if it has no open link", async () => {
    const owner = await aMember()
    const { id: fileId } = await aFile({ owner })
    const body = {
      fileIds: [fileId],
      recipients: [{ recipient: "Pia <pia@example.org>", maxDownloads: 1 }],
    }
    const made = await callApi("POST /shares", { as: owner, body: { ...body, openLink: false } })
    const share = await made.json()

    expect(share).toMatchObject({ status: "open", url: null })
    const [pia, ...others] = (await listLinks({ owner, shareId: share.id, kind: "share" }, {}))
      .items
    expect([pia, others]).toMatchObject([{ name: "Pia", maxDownloads: 1 }, []])
    expect(await clickOn(pia?.url ?? "", [fileId])).toHaveLength(1)
    const bad = { ...body, recipients: [{ recipient: "no one@" }] }
    expect((await callApi("POST /shares", { as: owner, body: bad })).status).toBe(400)
    expect(await db.share.count()).toBe(1)
  })

  it("are reached beside the open link, which is off and on again at the same address", async () => {
    const { owner, shareId } = await aSharedFile()
    const { url } = await requireShare(owner, shareId)
    await aRecipient({ owner, shareId })
    const id = `${shareId} ${OPEN_LINK}`
    const turn = (at: string) =>
      callApi(`POST /shares/{id}/links/{linkId}/${at}`, { as: owner, id })
    expect((await turn("revoke")).status).toBe(200)
    expect(await requireShare(owner, shareId)).toMatchObject({ url: null, openTo: "links" })
    expect((await turn("restore")).status).toBe(200)
    expect(await requireShare(owner, shareId)).toMatchObject({ url, openTo: "anyone" })
  })

  it("need a code only where mail is sent, and have an address then", async () => {
    const shared = await aSharedFile()
    await expect(aRecipient(shared, "pia@example.org", { verify: true })).rejects.toBeRefusal(
      "not_allowed",
    )
    mailBy(1)
    await expect(aRecipient(shared, "Pia", { verify: true })).rejects.toBeRefusal("invalid")
    expect(await aRecipient(shared, "pia@example.org", { verify: true })).toMatchObject({
      verify: true,
    })
    withoutMail()
    expect(await db.link.count({ where: { open: false } })).toBe(1)
  })

  it("cannot be added, changed or restored by a token whose caps the share exceeds", async () => {
    const { owner, shareId } = await aSharedFile()
    const link = await aRecipient({ owner, shareId })
    const { token } = await aToken(owner, ["shares:write"], { passwordRequired: true })
    const headers = { authorization: `Bearer ${token}` }
    const send = async (at: string, body: unknown) => {
      const id = at.includes("{linkId}") ? `${shareId} ${link.id}` : shareId
      return (await callApi(at, { as: null, id, body, headers })).status
    }
    expect(await send("POST /shares/{id}/links", { recipient: "Pia" })).toBe(403)
    expect(await send("POST /shares/{id}/links", {})).toBe(403)
    expect(await send("PATCH /shares/{id}/links/{linkId}", { maxDownloads: 9 })).toBe(403)
    expect(await send("POST /shares/{id}/links/{linkId}/revoke", {})).toBe(200)
    expect(await send("POST /shares/{id}/links/{linkId}/restore", {})).toBe(403)
  })
})

describe("recipients where links open only with a code", () => {
  const FORBIDDEN = { title: expect.stringContaining("code") }

  it("are the only ones who open new shares, and older shares stay as they are", async () => {
    mailBy(1)
    const older = await aSharedFile()
    const named = await aRecipient(older, "Bo")
    await changeSettings(acting(await anAdmin()), { verifiedOnly: true })

    const { owner } = older
    const { id: fileId } = await aFile({ owner })
    const make = (more: object) =>
      callApi("POST /shares", { as: owner, body: { fileIds: [fileId], ...more } })
    for (const more of [
      { openLink: true },
      { recipients: [{ recipient: "pia@example.org", verify: false }] },
    ]) {
      const refused = await make(more)
      expect([refused.status, await refused.json()]).toMatchObject([403, FORBIDDEN])
    }
    const share = await (await make({ recipients: [{ recipient: "pia@example.org" }] })).json()
    expect(share).toMatchObject({ status: "open", url: null })
    const at = { owner, shareId: share.id }
    const [pia] = (await listLinks({ owner, shareId: share.id, kind: "share" }, {})).items
    expect(pia).toMatchObject({ verify: true })

    await expect(restoreLink(linkAt(at, OPEN_LINK))).rejects.toBeRefusal("not_allowed")
    await expect(editLink(linkAt(at, pia?.id ?? ""), { verify: false })).rejects.toBeRefusal(
      "not_allowed",
    )
    await expect(aRecipient(at, "Al", { verify: false })).rejects.toBeRefusal("not_allowed")
    expect(await stateOf(named.url)).toBe("open")
    await older.click()
    await expect(
      editShare(acting(owner), older.shareId, { expiresAt: inDays(30) }),
    ).rejects.toBeRefusal("not_allowed")
    await editShare(acting(owner), older.shareId, { expiresAt: inDays(1), title: "Older" })
    await revokeShare(owner, older.shareId)
    await expect(restoreShare(acting(owner), older.shareId)).rejects.toBeRefusal("not_allowed")
    await revokeLink(linkAt(older, OPEN_LINK))
    await revokeLink(linkAt(older, named.id))
    expect(await restoreShare(acting(owner), older.shareId)).toMatchObject({ status: "open" })
  })

  it("are the only ones for whom a token with that cap makes shares", async () => {
    mailBy(1)
    const { owner, shareId, fileId } = await aSharedFile()
    const { token } = await aToken(owner, ["shares:write"], { verifiedOnly: true })
    const headers = { authorization: `Bearer ${token}` }
    const send = async (at: string, body: unknown, id?: string) => {
      const response = await callApi(at, { as: null, ...(id && { id }), body, headers })
      return [response.status, await response.json()]
    }
    const recipients = [{ recipient: "pia@example.org" }]
    expect(
      await send("POST /shares/{id}/links/batch", { recipients: ["al@example.org"] }, shareId),
    ).toMatchObject([403, FORBIDDEN])
    const longer = { expiresAt: inDays(30).toISOString() }
    expect(await send("PATCH /shares/{id}", longer, shareId)).toMatchObject([403, FORBIDDEN])
    expect(await send("POST /shares", { fileIds: [fileId], openLink: true })).toMatchObject([
      403,
      {},
    ])
    const [status, made] = await send("POST /shares", { fileIds: [fileId], recipients })
    expect([status, made.url]).toEqual([201, null])
    expect(await send("POST /shares/{id}/links", {}, made.id)).toMatchObject([403, {}])
    expect(
      await send("POST /shares/{id}/links", { recipient: "bo@example.org" }, made.id),
    ).toMatchObject([201, { verify: true }])
  })

  it("are at the domains that an admin allows, also by another address", async () => {
    const shared = await aSharedFile()
    const older = await aRecipient(shared, "pia@elsewhere.example")
    await changeSettings(acting(await anAdmin()), { recipientDomains: ["example.org"] })

    await expect(aRecipient(shared, "al@elsewhere.example")).rejects.toThrow("example.org")
    await expect(aRecipient(shared, "al@sub.example.org")).rejects.toBeRefusal("not_allowed")
    await expect(aRecipient(shared, "al@notexample.org")).rejects.toBeRefusal("not_allowed")
    const al = await aRecipient(shared, "Al@Example.org")
    await expect(
      editLink(linkAt(shared, al.id), { recipient: { name: "", address: "al@elsewhere.example" } }),
    ).rejects.toBeRefusal("not_allowed")
    expect(await editLink(linkAt(shared, older.id), { maxDownloads: 3 })).toMatchObject({
      address: "pia@elsewhere.example",
      maxDownloads: 3,
    })
    await aRecipient(shared, "Bo")
  })
})

describe("a link that is revoked", () => {
  it("no longer opens, beside others that do, and again when it is restored", async () => {
    const shared = await aSharedFile()
    const [pia, bo] = [await aRecipient(shared, "Pia"), await aRecipient(shared, "Bo")]
    await clickOn(pia.url, [shared.fileId])

    const revoked = await revokeLink(linkAt(shared, pia.id))
    expect(revoked).toMatchObject({ downloads: 1, revokedAt: expect.any(String), cutOff: null })
    const seconds = (Date.parse(revoked.exposedUntil ?? "") - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(30)
    expect(seconds).toBeLessThan(90)
    expect([await stateOf(pia.url), await stateOf(bo.url)]).toEqual(["revoked", "open"])
    await expect(clickOn(pia.url, [shared.fileId])).rejects.toBeRefusal("gone")
    expect(await requireShare(shared.owner, shared.shareId)).toMatchObject({ status: "open" })
    expect(await revokeLink(linkAt(shared, pia.id))).toEqual(revoked)

    const restored = await restoreLink(linkAt(shared, pia.id))
    expect(restored).toEqual({
      ...pia,
      ...(({ downloads, openedAt }) => ({ downloads, openedAt }))(revoked),
    })
    expect(await stateOf(pia.url)).toBe("open")
    expect(await db.auditEntry.count({ where: { action: "share.revoke_link" } })).toBe(1)
  })

  it("voids its tickets for good, and no others", async () => {
    const shared = await aSharedFile()
    const links = [await aRecipient(shared, "Pia"), await aRecipient(shared, "Bo")]
    const held = await Promise.all(
      links.map(async ({ id: linkId, url }) => {
        const link = { ...shared, linkId, publicId: publicIdOf(url) }
        const { ticket } = await click(link as never)
        const cookies = { ...newVisitor(), ticket }
        const ask = { publicId: link.publicId, fileIds: [shared.fileId], cookies, source }
        return () =>
          mint(ask).then(
            (grant) => grant !== null,
            () => false,
          )
      }),
    )
    const valid = () => Promise.all(held.map((ask) => ask()))
    expect(await valid()).toEqual([true, true])

    await revokeLink(linkAt(shared, links[0]?.id ?? ""))
    expect(await valid()).toEqual([false, true])
    await restoreLink(linkAt(shared, links[0]?.id ?? ""))
    expect(await valid()).toEqual([false, true])
    await newLink(acting(shared.owner), shared.shareId)
    expect(await valid()).toEqual([false, true])
  })

  it("is the open one, which is then no address of the share, until it is restored", async () => {
    const shared = await aSharedFile()
    const { url } = await requireShare(shared.owner, shared.shareId)
    const pia = await aRecipient(shared, "Pia")

    expect(await revokeLink(linkAt(shared, OPEN_LINK))).toMatchObject({ open: true, name: "" })
    expect(await requireShare(shared.owner, shared.shareId)).toMatchObject({ url: null })
    expect([await stateOf(url ?? ""), await stateOf(pia.url)]).toEqual(["revoked", "open"])
    await newLink(acting(shared.owner), shared.shareId)
    expect(await requireShare(shared.owner, shared.shareId)).toMatchObject({ url: null })

    const as = { as: shared.owner, id: shared.shareId, body: {} }
    const opened = await (await callApi("POST /shares/{id}/links", as)).json()
    const share = await requireShare(shared.owner, shared.shareId)
    expect(opened).toMatchObject({ open: true, url: share.url, revokedAt: null })
    expect(share.url).not.toBe(url)
    expect(await stateOf(opened.url)).toBe("open")
  })

  it("does not open a revoked share again", async () => {
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, "Pia")
    await revokeLink(linkAt(shared, pia.id))
    await revokeShare(shared.owner, shared.shareId)
    await restoreLink(linkAt(shared, pia.id))
    expect(await stateOf(pia.url)).toBe("revoked")
  })
})

describe("an edit of a recipient", () => {
  it("to another address makes another link, and voids the old one", async () => {
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, "Pia <pia@example.org>")
    await clickOn(pia.url, [shared.fileId])

    const recipient = parse(Recipient, "Pia <pia@example.com>")
    const edited = await editLink(linkAt(shared, pia.id), { recipient })

    expect(edited).toMatchObject({ id: pia.id, address: "pia@example.com", downloads: 1 })
    expect(edited.exposedUntil).not.toBeNull()
    expect([await stateOf(pia.url), await stateOf(edited.url)]).toEqual(["unknown", "open"])
    await aRecipient(shared, "bo@example.org")
    const taken = { recipient: parse(Recipient, "BO@example.org") }
    await expect(editLink(linkAt(shared, pia.id), taken)).rejects.toBeRefusal("conflict")
  })

  it("to another name, language or limit keeps the link, and nothing is changed by the same values", async () => {
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, "Pia <pia@example.org>")
    await clickOn(pia.url, [shared.fileId])
    const edit = {
      recipient: parse(Recipient, "Pia Phone <pia@example.org>"),
      language: "de" as const,
      maxDownloads: 2,
    }
    const edited = await editLink(linkAt(shared, pia.id), edit)
    expect(edited).toMatchObject({
      name: "Pia Phone",
      language: "de",
      maxDownloads: 2,
      url: pia.url,
    })
    expect(edited.exposedUntil).toBeNull()
    await editLink(linkAt(shared, pia.id), edit)
    expect(await db.auditEntry.count({ where: { action: "share.edit_link" } })).toBe(1)

    const usedUp = await editLink(linkAt(shared, pia.id), { maxDownloads: 1 })
    expect(usedUp.exposedUntil).not.toBeNull()
    await expect(clickOn(pia.url, [shared.fileId])).rejects.toBeRefusal("gone")
  })

  it("changes no open link, and no link of another share", async () => {
    const [shared, other] = [await aSharedFile(), await aSharedFile()]
    const open = await db.link.findFirstOrThrow({ where: { shareId: shared.shareId, open: true } })
    const theirs = await aRecipient(other, "Pia")
    for (const linkId of [OPEN_LINK, open.id, theirs.id, "no id", newId()])
      for (const change of [
        () => editLink(linkAt(shared, linkId), { maxDownloads: 1 }),
        () => eraseLink(linkAt(shared, linkId)),
        ...(linkId === OPEN_LINK || linkId === open.id
          ? []
          : [() => revokeLink(linkAt(shared, linkId)), () => restoreLink(linkAt(shared, linkId))]),
      ])
        await expect(change()).rejects.toBeRefusal("not_found")
    expect(await requireLink(linksOf(other), theirs.id)).toEqual(theirs)
  })
})

describe("a recipient who is erased", () => {
  it("leaves no name or address in any row, and the link neither opens again nor says what it was", async () => {
    const shared = await aSharedFile()
    await editShare(acting(shared.owner), shared.shareId, { title: "Plans" })
    mailBy(1)
    const pia = await aRecipient(shared, "Pia Phone <pia@example.org>", { verify: true })
    withoutMail()
    await db.mail.create({
      data: {
        id: newId(),
        kind: "test",
        toAddress: pia.address,
        values: {},
        targetId: pia.id,
        until: inDays(1),
      },
    })

    await eraseLink(linkAt(shared, pia.id))

    const [erased] = await listed(shared)
    expect(erased).toMatchObject({
      id: pia.id,
      name: "",
      address: "",
      revokedAt: expect.any(String),
    })
    expect(await pageOf(pia.url)).toMatchObject({ state: "revoked", title: "" })
    for (const change of [restoreLink, eraseLink])
      await expect(change(linkAt(shared, pia.id))).rejects.toBeRefusal("not_found")
    const recipient = parse(Recipient, "Bo")
    await expect(editLink(linkAt(shared, pia.id), { recipient })).rejects.toBeRefusal("not_found")
    await revokeLink(linkAt(shared, pia.id), { cutOff: true })
    const tables = await db.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
    for (const { name } of tables) {
      const rows = await db.$queryRawUnsafe(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)
      expect([name, JSON.stringify(rows)]).toEqual([name, expect.not.stringMatching(/pia/i)])
    }
  })

  it("is erased 90 days after the end of the share, or as long as events are kept", async () => {
    const shares = [
      { expiresAt: inDays(-91) },
      { expiresAt: inDays(-89) },
      { expiresAt: inDays(9), revokedAt: inDays(-91) },
      { expiresAt: null },
    ]
    const made = await Promise.all(
      shares.map(async (data) => {
        const shared = await aSharedFile()
        const { id } = await aRecipient(shared, "Pia <pia@example.org>")
        await db.share.update({ where: { id: shared.shareId }, data: { ...data } })
        const mail = { kind: "shared", toAddress: "pia@example.org", values: {}, targetId: id }
        await db.mail.create({ data: { id: newId(), ...mail, until: inDays(1) } })
        return shared
      }),
    )
    const addresses = async () =>
      (await Promise.all(made.map(listed))).map(([link]) => link?.address ?? "")
    await eraseEndedRecipients()
    expect(await addresses()).toEqual(["", "pia@example.org", "", "pia@example.org"])
    expect(await db.mail.count()).toBe(2)
    await db.setting.create({
      data: { name: "eventDays", value: 10, changedById: await aMember() },
    })
    await eraseEndedRecipients()
    expect(await addresses()).toEqual(["", "", "", "pia@example.org"])
    expect(await db.mail.count()).toBe(1)
  })
})

describe("the audit log", () => {
  it("knows links by their ids alone", async () => {
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, "Pia Phone <pia@example.org>")
    await editLink(linkAt(shared, pia.id), { recipient: parse(Recipient, "Zoe <zoe@example.org>") })
    await revokeLink(linkAt(shared, pia.id), { cutOff: true })
    await restoreLink(linkAt(shared, pia.id))
    await eraseLink(linkAt(shared, pia.id))

    const actions = await db.auditEntry.findMany({
      orderBy: { at: "asc" },
      select: { action: true },
    })
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(
        ["add_links", "edit_link", "cut_off_link", "revoke_link", "restore_link", "erase_link"].map(
          (action) => `share.${action}`,
        ),
      ),
    )
    expect(await audited()).toContain(pia.id)
    expect(await audited()).not.toMatch(/pia|zoe/i)
  })
})

it("a share does not show its recipients to another member", async () => {
  const shared = await aSharedFile()
  await aRecipient(shared)
  const owner = await aMember()
  await expect(listLinks({ ...linksOf(shared), owner }, {})).rejects.toBeRefusal("not_found")
})
