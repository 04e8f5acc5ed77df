import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db, type Prisma } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import {
  aPicturedLink,
  type Link,
  SITUATIONS,
  type Situation,
} from "#testing/access/access-situations.ts"
import { outcomeOf, VERB_NAMES, type VerbName } from "#testing/access/verbs.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { future, past } from "#testing/units.ts"
import { newVisitId } from "../visitor/visitor-cookies.ts"

async function cookiesFor({ linkId }: Link, { ticket, unlock, claimed }: Situation) {
  const right = { linkId, passwordVersion: 0, expiresAt: future() }
  const visitId = newVisitId()
  if (claimed) {
    const epoch = Buffer.alloc(4)
    const id = Buffer.concat([visitId, epoch])
    await db.claim.create({ data: { linkId, visitId: id, counted: randomUUID() } })
  }
  return {
    visitId,
    ticket: ticket ? { id: randomUUID(), epoch: 0, ...right, ...ticket } : null,
    unlock: unlock ? { ...right, ...unlock } : null,
  }
}

/** The counts, claims and events that a verb wrote. */
const writtenOf = async (shareId: string) => ({
  share: await db.share.findUniqueOrThrow({
    where: { id: shareId },
    select: { downloads: true, minted: true },
  }),
  claims: await db.claim.count({ where: { link: { shareId }, counted: { not: null } } }),
  counters: await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { downloads: true, views: true, previews: true },
  }),
  events: await db.event.count({ where: { shareId, kind: { not: "refused" } } }),
})

describe.each(SITUATIONS)("a link that is $what", (situation) => {
  it.each(VERB_NAMES)("answers a %s as the table says", async (verb) => {
    const link = await aPicturedLink(situation.conditions)
    const cookies = await cookiesFor(link, situation)
    await situation.given?.(link)
    const { publicId, fileId } = { ...link, ...(await situation.asks?.()) }
    const before = await writtenOf(link.shareId)

    const outcome = await outcomeOf(verb, { publicId, fileId, cookies })

    expect(outcome).toBe(situation.answers[verb])
    if (outcome !== "yes" && verb !== "page") expect(await writtenOf(link.shareId)).toEqual(before)
  })
})

/** The changes of a share that are made while a click waits for its row. */
const CHANGES: { what: string; to: Prisma.ShareUpdateInput }[] = [
  { what: "is scheduled", to: { startsAt: future() } },
  { what: "has expired", to: { expiresAt: past() } },
  { what: "is revoked", to: { revokedAt: past(), ticketEpoch: { increment: 1 } } },
  { what: "is used up", to: { maxDownloads: 1, downloads: 1 } },
  { what: "gets a password", to: { passwordHash: "x", passwordVersion: 1 } },
  { what: "is made view-only", to: { viewOnly: true } },
  { what: "loses its previews", to: { preview: false } },
  { what: "is no direct link any more", to: { direct: false } },
  { what: "gets a limit", to: { maxDownloads: 5 } },
  { what: "gets another title", to: { title: "Another" } },
]

/** The verbs that lock the row of a share for which nothing was minted yet. */
const LOCKING = [
  ...["claim", "claim of files", "claim of all", "GET of a file"],
  ...["preview", "thumbnail"],
] as VerbName[]

describe.each(CHANGES)("a share that $what while a click waits for its row", ({ to }) => {
  it.each(LOCKING)("answers a %s as if it had come later", async (verb) => {
    const aFreshLink = () => aPicturedLink({ minted: false, direct: true })
    const [link, alike] = [await aFreshLink(), await aFreshLink()]
    const ask = ({ publicId, fileId }: Link) =>
      outcomeOf(verb, { publicId, fileId, cookies: noCookies })
    const waited = await db.$transaction(async (tx) => {
      await tx.share.update({ where: { id: link.shareId }, data: to })
      const asking = ask(link)
      await untilOneWaits()
      return { asking }
    })
    const outcome = await waited.asking
    await db.share.update({ where: { id: alike.shareId }, data: to })

    expect(outcome).toBe(await ask(alike))
    expect(await writtenOf(link.shareId)).toEqual(await writtenOf(alike.shareId))
  })
})

describe("a link that gets another address while a click waits for the row of its share", () => {
  it.each(LOCKING)("is unknown to a %s, and nothing was minted", async (verb) => {
    const link = await aPicturedLink({ minted: false, direct: true })
    const { publicId, fileId, linkId, shareId } = link
    const waited = await db.$transaction(async (tx) => {
      const raised = { ticketEpoch: { increment: 1 } }
      await tx.share.update({ where: { id: shareId }, data: raised })
      await tx.link.update({ where: { id: linkId }, data: { publicId: newPublicId() } })
      const asking = outcomeOf(verb, { publicId, fileId, cookies: noCookies })
      await untilOneWaits()
      return { asking }
    })

    expect(await waited.asking).toBe("unknown")
    const { minted } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
    expect(minted).toBe(false)
  })
})
