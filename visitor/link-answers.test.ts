import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { COOKIES, signTicket, signUnlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { visitorsPage } from "#testing/link-answers/link-answers-page.ts"
import {
  ASKS,
  type AskedLink,
  COUNTED,
  LINKS,
  PASSWORDS,
  READINGS,
  SITUATIONS,
  type Situation,
  STATUSES,
  type VisitorKind,
} from "#testing/link-answers/link-situations.ts"
import { future, inHours, past } from "#testing/units.ts"
import { askVisitor, FORM } from "#testing/visitors/visitor-client.ts"
import type { Answer } from "./exchange.ts"

type Sent = { method: string; path: string; by: VisitorKind; cookie?: string; form?: true }

const send = ({ cookie = "", form, ...ask }: Sent) =>
  askVisitor({ ...ask, headers: { cookie, ...(form && FORM) } })

type Like = { ownerId: string; fileIds: string[] }

/** Creates a link as described, and returns the cookies of its visitor. */
async function aLinkOf(asked: AskedLink, like: Like) {
  const link = await aLink({
    like,
    startsAt: asked.status === "scheduled" ? future() : null,
    expiresAt: asked.status === "expired" ? past() : inHours(2),
    revokedAt: asked.status === "revoked" ? past() : null,
    passwordHash: asked.password === "none" ? null : "any",
    maxDownloads: asked.limited ? 100 : null,
    downloads: asked.status === "used_up" ? 100 : 0,
    direct: asked.direct,
    viewOnly: asked.reading === "view only",
    preview: asked.reading !== "no previews",
  })
  const bound = { linkId: link.linkId, proofVersion: 0, expiresAt: future() }
  const cookies = [
    asked.hasTicket && [COOKIES.ticket, signTicket({ id: randomUUID(), epoch: 0, ...bound })],
    asked.password === "unlocked" && [COOKIES.unlock, signUnlock(bound)],
  ]
  const cookie = cookies.flatMap((pair) => (pair ? [pair.join("=")] : [])).join("; ")
  return { ...link, cookie }
}

async function addThumbnail(fileId: string) {
  const [key, now] = [`o/${randomUUID().replaceAll("-", "")}`, new Date()]
  await db.object.create({
    data: {
      key,
      fileId,
      kind: "thumbnail",
      size: 9n,
      contentType: "image/webp",
      state: "live",
      putExpiresAt: now,
      liveSince: now,
    },
  })
  await db.file.update({ where: { id: fileId }, data: { thumbnailKey: key } })
}

async function answeredOf({ status, headers, body }: Answer, token: string) {
  const location = headers.find(([name]) => name === "Location")?.[1] ?? ""
  if (location === `/s/${token}`) return status === 303 ? "page" : `${status} page`
  if (location.includes("X-Amz-Signature=")) return `${status} store`
  const text = typeof body === "string" ? body : ""
  const isJson = headers.some(([name, value]) => name === "Content-Type" && value.endsWith("/json"))
  if (status !== 200 || !isJson) return String(status)
  const said = JSON.parse(text)
  if (said.url) return "url"
  if (!said.files || "status" in said) return "200"
  return said.files.every(({ url }: { url?: string }) => url) ? "urls" : "ticket"
}

type Column = { method: string; column: number }

function expectedOf({ answers }: Situation, { method, column }: Column) {
  const answer = answers[column]
  return answer === "store" ? `${method === "POST" ? 303 : 302} store` : answer
}

const situationOf = (asked: AskedLink) => {
  const found = SITUATIONS.find(({ holds }) => holds(asked))
  if (!found) throw new Error("the last situation holds for every link")
  return found
}

const isEven = (...values: (number | boolean)[]) =>
  values.reduce<number>((sum, value) => sum + Number(value), 0) % 2 === 0

/**
 * Selects half of the links, which have every combination of any five conditions, or a quarter,
 * which have every combination of any two.
 */
function isOfFraction(asked: AskedLink, parts: 2 | 4) {
  const { limited, hasTicket, direct } = asked
  const [status, password] = [STATUSES.indexOf(asked.status), PASSWORDS.indexOf(asked.password)]
  const reading = READINGS.indexOf(asked.reading)
  if (parts === 2) return isEven(status, password, reading, limited, hasTicket, direct)
  return isEven(status, password, reading, hasTicket) && isEven(password, limited, direct)
}

/** All links of a situation with at most eight, otherwise a sample; in `test:heavy` all of them. */
function linksOf(situation: Situation) {
  const all = LINKS.filter((asked) => situationOf(asked) === situation)
  if (process.env.HEAVY || all.length <= 8) return all
  return all.filter((asked) => isOfFraction(asked, all.length > 36 ? 4 : 2))
}

describe("a link answers as the table says", () => {
  it.each(SITUATIONS.map((situation) => [situation.what, situation] as const))(
    "where it is %s",
    async (_what, situation) => {
      const like = await aLink()
      await addThumbnail(like.fileId)
      const links = linksOf(situation)
      expect(links.length).toBeGreaterThan(0)
      for (const asked of links) {
        const { token, fileId, cookie } = await aLinkOf(asked, like)
        const asks = ASKS.flatMap(({ method, path, by, form }, column) =>
          by.map((who) => ({ method, path, by: who, column, ...(form && { form }) })),
        )
        const answered = await Promise.all(
          asks.map(async ({ column, ...ask }) => {
            const address = `/s/${token}${ask.path.replace("{file}", fileId)}`
            const answer = await answeredOf(await send({ ...ask, path: address, cookie }), token)
            return { ...ask, answer, column }
          }),
        )
        expect({ asked, answered }).toEqual({
          asked,
          answered: asks.map((ask) => ({ ...ask, answer: expectedOf(situation, ask) })),
        })
      }
    },
  )

  it("415, 409, 410 and 404 for a file that cannot be shown, is uploading, deleted or of another share", async () => {
    const link = await aLink({ files: ["a.zip", "coming.pdf", "deleted.pdf"] })
    const [zip = "", coming = "", deleted = ""] = link.fileIds
    await db.file.update({ where: { id: zip }, data: { contentType: "application/zip" } })
    await db.file.update({ where: { id: coming }, data: { status: "uploading" } })
    await db.file.update({ where: { id: deleted }, data: { deletedAt: new Date() } })
    const other = (await aLink()).fileId
    for (const [fileId, status] of [
      [zip, 415],
      [coming, 409],
      [deleted, 410],
      [other, 404],
      ["no-uuid", 404],
    ] as const) {
      const path = `/s/${link.token}/p/${fileId}`
      for (const by of ["person", "script", "library"] as const) {
        expect([fileId, (await send({ method: "GET", path, by })).status]).toEqual([fileId, status])
        expect([fileId, (await send({ method: "HEAD", path, by })).status]).toEqual([
          fileId,
          status,
        ])
      }
    }
  })

  it.each(COUNTED.map((row) => [row.method, row.visitor, row] as const))(
    "and counts a %s of a %s as it says",
    async (method, by, row) => {
      for (const [part, path] of [
        ["page", ""],
        ["state", "/state"],
        ["download", "/d/{file}"],
        ["preview", "/p/{file}"],
      ] as const) {
        const { token, fileId, shareId } = await aLink({ direct: true })
        const address = `/s/${token}${path.replace("{file}", fileId)}`
        await send({ method, path: address, by })
        const counters = await db.shareCounter.findMany({ where: { shareId } })
        const sum = (key: "views" | "botViews" | "downloads" | "previews") =>
          counters.reduce((total, counter) => total + Number(counter[key]), 0)
        expect({
          "a view": sum("views"),
          "a bot's view": sum("botViews"),
          "a claim": sum("downloads"),
          "a preview": sum("previews"),
        }).toEqual({
          "a view": 0,
          "a bot's view": 0,
          "a claim": 0,
          "a preview": 0,
          ...(row[part] === "nothing" ? {} : { [row[part]]: 1 }),
        })
      }
    },
  )
})

it("docs/visitors.md says what the tables say", async () => {
  await expect(visitorsPage()).toMatchFileSnapshot("../docs/visitors.md")
})
