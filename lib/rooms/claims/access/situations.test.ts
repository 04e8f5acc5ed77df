import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db, type Prisma, pool } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import {
  aPicturedLink,
  type Link,
  SITUATIONS,
  type Situation,
} from "#testing/access/access-situations.ts"
import { type Outcome, outcomeOf, VERB_NAMES, type VerbName } from "#testing/access/verbs.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { future, past } from "#testing/units.ts"
import { newVisitId } from "../visitor/visitor-cookies.ts"

async function cookiesFor({ linkId }: Link, { ticket, unlock, claimed }: Situation) {
  const right = { linkId, proofVersion: 0, expiresAt: future() }
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

type Cookies = Awaited<ReturnType<typeof cookiesFor>>

/** The counts, claims and events that verbs wrote for each share. */
async function writtenOf(shareIds: string[]) {
  const { rows } = await pool().query(
    `SELECT share.downloads, share.minted,
       (SELECT count(*) FROM claim JOIN link ON link.id = link_id
        WHERE share_id = share.id AND counted IS NOT NULL) AS claims,
       (SELECT jsonb_build_array(sum(downloads), sum(views), sum(previews))
        FROM share_counter WHERE share_id = share.id) AS counters,
       (SELECT jsonb_agg(jsonb_build_array(link.downloads, link.views))
        FROM link WHERE share_id = share.id) AS recipients,
       (SELECT count(*) FROM event WHERE share_id = share.id AND kind <> 'refused') AS events
     FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place) JOIN share USING (id)
     ORDER BY place`,
    [shareIds],
  )
  return rows
}

/** Makes a link for each verb, all to the same files. */
async function aLinkForEach<Verb>(verbs: Verb[], conditions: Parameters<typeof aPicturedLink>[0]) {
  const links: (Link & { verb: Verb })[] = []
  for (const verb of verbs) {
    const [like] = links
    links.push({ verb, ...(await aPicturedLink(like ? { ...conditions, like } : conditions)) })
  }
  return links
}

describe("each verb answers as the table says", () => {
  it.each(SITUATIONS)("at a link that is $what", async (situation) => {
    const links = await aLinkForEach(VERB_NAMES, situation.conditions)
    const asked = await situation.asks?.()
    const sent: { link: Link; verb: VerbName; cookies: Cookies }[] = []
    for (const { verb, ...link } of links) {
      sent.push({ link, verb, cookies: await cookiesFor(link, situation) })
      await situation.given?.(link)
    }
    const written = () => writtenOf(links.map(({ shareId }) => shareId))
    const before = await written()

    const outcomes: Partial<Record<VerbName, Outcome>> = {}
    for (const { link, verb, cookies } of sent) {
      const { publicId, fileId } = { ...link, ...asked }
      outcomes[verb] = await outcomeOf(verb, { publicId, fileId, cookies })
    }

    expect(outcomes).toEqual(situation.answers)
    const after = await written()
    for (const [place, verb] of VERB_NAMES.entries()) {
      if (outcomes[verb] === "yes" || verb === "page") continue
      expect([verb, after[place]]).toEqual([verb, before[place]])
    }
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

/** The changes of a recipient's link that are made while a click waits for its row. */
const CHANGES_OF_LINK: { what: string; to: Prisma.LinkUpdateInput }[] = [
  { what: "is revoked", to: { revokedAt: past(), proofVersion: { increment: 1 } } },
  { what: "is used up", to: { maxDownloads: 1, downloads: 1 } },
  { what: "gets a limit", to: { maxDownloads: 5 } },
  { what: "is renamed", to: { name: "Mary" } },
]

const never = (): never => {
  throw new Error("there is such a link")
}

/** The verbs that lock the row of a share for which nothing was minted yet. */
const LOCKING = [
  ...["claim", "claim of files", "claim of all", "GET of a file"],
  ...["preview", "thumbnail"],
] as VerbName[]

describe("a click that waits for the row of a share", () => {
  it.each(CHANGES)("is answered as if it had come later, if the share $what", async ({ to }) => {
    const fresh = { minted: false, direct: true }
    const [links, alike] = [await aLinkForEach(LOCKING, fresh), await aLinkForEach(LOCKING, fresh)]
    const ask = ({ publicId, fileId, verb }: (typeof links)[number]) =>
      outcomeOf(verb, { publicId, fileId, cookies: noCookies })
    const outcomes: Outcome[] = []
    const expected: Outcome[] = []
    for (const [place, link] of links.entries()) {
      const twin = alike[place] ?? link
      const waited = await db.$transaction(async (tx) => {
        await tx.share.update({ where: { id: link.shareId }, data: to })
        const asking = ask(link)
        await untilOneWaits()
        return { asking }
      })
      outcomes.push(await waited.asking)
      await db.share.update({ where: { id: twin.shareId }, data: to })
      expected.push(await ask(twin))
    }

    expect(outcomes).toEqual(expected)
    const written = (of: typeof links) => writtenOf(of.map(({ shareId }) => shareId))
    expect(await written(links)).toEqual(await written(alike))
  })

  it.each(CHANGES_OF_LINK)(
    "is answered as if it had come later, if the recipient's link $what",
    async ({ to }) => {
      const fresh = { minted: false, direct: true, recipient: { name: "Maria" } }
      const [links, alike] = [
        await aLinkForEach(LOCKING, fresh),
        await aLinkForEach(LOCKING, fresh),
      ]
      for (const [place, { publicId, fileId, linkId, verb }] of links.entries()) {
        const twin = alike[place] ?? never()
        const waited = await db.$transaction(async (tx) => {
          await tx.link.update({ where: { id: linkId }, data: to })
          const asking = outcomeOf(verb, { publicId, fileId, cookies: noCookies })
          await untilOneWaits()
          return { asking }
        })
        const outcome = await waited.asking
        await db.link.update({ where: { id: twin.linkId }, data: to })
        const expected = await outcomeOf(verb, {
          publicId: twin.publicId,
          fileId: twin.fileId,
          cookies: noCookies,
        })
        expect([verb, outcome]).toEqual([verb, expected])
      }
      const written = (of: typeof links) => writtenOf(of.map(({ shareId }) => shareId))
      expect(await written(links)).toEqual(await written(alike))
    },
  )

  it("is unknown, and mints nothing, if the link gets another address", async () => {
    const links = await aLinkForEach(LOCKING, { minted: false, direct: true })
    for (const { publicId, fileId, linkId, shareId, verb } of links) {
      const waited = await db.$transaction(async (tx) => {
        const raised = { ticketEpoch: { increment: 1 } }
        await tx.share.update({ where: { id: shareId }, data: raised })
        await tx.link.update({ where: { id: linkId }, data: { publicId: newPublicId() } })
        const asking = outcomeOf(verb, { publicId, fileId, cookies: noCookies })
        await untilOneWaits()
        return { asking }
      })

      expect([verb, await waited.asking]).toEqual([verb, "unknown"])
      const { minted } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
      expect(minted).toBe(false)
    }
  })
})
