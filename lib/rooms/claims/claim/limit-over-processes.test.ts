import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { afterEach, describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { linkAt } from "#testing/builders/a-recipient.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import type { LimitedVisit } from "#testing/builders/limited-visit.ts"

const root = path.join(import.meta.dirname, "../../../..")
const VISITORS = process.env.HEAVY ? 200 : 80

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

type Link = Awaited<ReturnType<typeof aLink>>

const idOf = ({ publicId }: Link) => Buffer.from(publicId).toString("hex")

type Visit = LimitedVisit & { link: string }

/**
 * Visits links of a share in turn. Calls `meanwhile` when the visits have begun, with a function
 * that revokes a link in one of the processes.
 */
async function visitFromTwoProcesses(
  [link, ...others]: [Link, ...Link[]],
  meanwhile: (revoke: (link: Link) => void) => Promise<void> = async () => {},
): Promise<Visit[]> {
  const args = [link.fileId, String(VISITORS / 2), ...[link, ...others].map(idOf)]
  const started = Array.from({ length: 2 }, async () => {
    const child = fork(path.join(root, "testing/children/limited-visit-child.ts"), args, {
      execArgv: ["--import", path.join(root, "server/server-only.mjs")],
      env: process.env,
    })
    children.push(child)
    await once(child, "message")
    return child
  })
  const ready = await Promise.all(started)
  const done = ready.map(async (child) => {
    const [visits]: Visit[][] = await once(child, "message")
    return visits ?? []
  })
  for (const child of ready) child.send("go")
  await meanwhile(({ ownerId: owner, shareId, linkId }) =>
    ready[0]?.send({ owner, shareId, linkId }),
  )
  return (await Promise.all(done)).flat()
}

describe(`${VISITORS} visitors of a limit of 5, over two processes`, () => {
  it("make 5 claims, and each of the 5 continues and looks again", {
    timeout: 300_000,
  }, async () => {
    const link = await aLink({ maxDownloads: 5 })

    const visits = await visitFromTwoProcesses([link])

    expect(visits).toHaveLength(VISITORS)
    const winners = visits.filter(({ won }) => won)
    expect(winners).toHaveLength(5)
    expect(winners.filter(({ goesOn }) => goesOn)).toHaveLength(5)
    expect(visits.filter(({ early }) => early > 0)).toEqual([])
    expect(await countsOf(link.shareId)).toMatchObject({ downloads: 5, previews: 5 })
    const events = await db.event.groupBy({ by: ["kind"], _count: true })
    const of = (kind: string) => events.find((each) => each.kind === kind)?._count ?? 0
    expect([of("claim"), of("preview")]).toEqual([5, 10])
  })
})

describe(`${VISITORS} visitors of three recipients, over two processes`, () => {
  it("claim exactly what the limits allow, and nothing of a recipient once revoked", {
    timeout: 300_000,
  }, async () => {
    const link = await aLink({ maxDownloads: 22, minted: true })
    const [ada, bo, eve] = [
      await aRecipientOf(link, { name: "Ada", maxDownloads: 7 }),
      await aRecipientOf(link, { name: "Bo", maxDownloads: 5 }),
      await aRecipientOf(link, { name: "Eve", maxDownloads: 50 }),
    ]
    const downloadsOf = async ({ linkId }: Link) =>
      (await db.link.findUniqueOrThrow({ where: { id: linkId } })).downloads
    let untilRevoked = 0
    const revoke = async (revokeThere: (link: Link) => void) => {
      await vi.waitFor(async () => expect(await downloadsOf(eve)).toBeGreaterThan(0), {
        timeout: 30_000,
        interval: 1,
      })
      revokeThere(eve)
      const at = { owner: eve.ownerId as PersonId, shareId: eve.shareId }
      untilRevoked = (await revokeLink(linkAt(at, eve.linkId))).downloads
    }

    const visits = await visitFromTwoProcesses([ada, bo, eve], revoke)

    const winners = visits.filter(({ won }) => won)
    const wins = (of: Link) => winners.filter((each) => each.link === idOf(of)).length
    expect(wins(eve)).toBe(untilRevoked)
    expect(wins(ada)).toBeLessThanOrEqual(7)
    expect(wins(bo)).toBeLessThanOrEqual(5)
    expect(winners).toHaveLength(Math.min(22, 7 + 5 + untilRevoked))
    const own = (of: Link) => winners.filter((each) => each.link === idOf(of))
    expect([...own(ada), ...own(bo)].filter(({ goesOn }) => !goesOn)).toEqual([])
    for (const each of [ada, bo, eve]) expect(await downloadsOf(each)).toBe(wins(each))
    expect(await downloadsOf(link)).toBe(0)
    expect(await countsOf(link.shareId)).toMatchObject({ downloads: winners.length })
    expect(await db.event.count({ where: { kind: "claim" } })).toBe(winners.length)
    expect(await db.auditEntry.count({ where: { action: "share.revoke_link" } })).toBe(1)
  })
})
