import { randomUUID } from "node:crypto"
import { afterEach, describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { future, past } from "#testing/units.ts"
import { arraysOf } from "../access/input-rows.ts"
import { unlockColumns } from "../access/proofs.ts"
import { newVisitId, type Unlock } from "../visitor/visitor-cookies.ts"
import { claim } from "./claim.ts"
import { CLICK, insertClaims } from "./claim-statement.ts"

type Link = { publicId: Uint8Array; fileId: string }
const click = ({ publicId, fileId }: Link, unlock: Unlock | null = null) =>
  claim({
    publicId,
    fileIds: [fileId],
    cookies: { ...noCookies, unlock },
    directOnly: false,
    source,
  })
/** The code of the claim's refusal, or "granted". */
const outcome = (clicked: Promise<unknown>) =>
  clicked.then(
    () => "granted",
    ({ code }) => code,
  )

type Conditions = Parameters<typeof aLink>[0]
const aMintedLink = (conditions: Conditions = {}) => aLink({ minted: true, ...conditions })

async function countsOf(shareId: string) {
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { downloads: true },
  })
  const claims = await db.event.count({ where: { shareId, kind: "claim" } })
  return { counted: Number(_sum.downloads ?? 0), claims }
}

/** Records the statements that run, by how many clicks each has. */
function watchStatements() {
  const sizes: number[] = []
  const query = pool().query.bind(pool())
  vi.spyOn(pool(), "query").mockImplementation((asked: unknown, ...rest: unknown[]) => {
    const { name, values } = asked as { name: string; values: unknown[][] }
    if (name === "claim") sizes.push(values[0]?.length ?? 0)
    return Reflect.apply(query, undefined, [asked, ...rest])
  })
  return sizes
}

afterEach(() => vi.restoreAllMocks())

describe("a claim of one file", () => {
  it("grants exactly what a claim of many files grants", async () => {
    const link = await aMintedLink({ mintTtlSeconds: 20, files: ["a", "b"] })
    const minted = await click(link)
    const many = await claim({
      publicId: link.publicId,
      fileIds: [link.fileId],
      cookies: noCookies,
      directOnly: false,
      source,
      chargedTo: "192.0.2.7",
    })

    // A click needs no details of the file.
    const files = many.files.map(({ details: _, ...file }) => file)
    const same = { expiresInSeconds: 20, files }
    expect(minted).toMatchObject(same)
    expect(many).toMatchObject({ ...same, files: minted.files })
    const { id, expiresAt, ...bound } = minted.ticket ?? {}
    expect(many.ticket).toMatchObject(bound)
    expect(id).not.toBe(many.ticket?.id)
    const holds = (expiresAt?.getTime() ?? 0) - minted.signedAt.getTime()
    expect(Math.floor(holds / 1000)).toBe(24 * 3600)
    const events = await db.event.findMany({ where: { shareId: link.shareId } })
    expect(events).toHaveLength(2)
    for (const event of events) {
      const { linkId, fileId } = link
      expect(event).toMatchObject({ kind: "claim", linkId, fileId, agent: "curl", referrer: null })
      expect(Buffer.from(event.visitor ?? [])).toEqual(source.visitor)
    }
  })

  it("is refused for a share in its last second", async () => {
    for (const ms of [50, 400, 900]) {
      const link = await aMintedLink()
      await db.$executeRaw`UPDATE share SET expires_at =
        date_trunc('second', clock_timestamp()) + make_interval(secs => ${ms / 1000})`

      expect(await outcome(click(link))).toBe("gone")
      expect(await countsOf(link.shareId)).toEqual({ counted: 0, claims: 0 })
    }
  })

  it("is granted only to visitors who gave the password", async () => {
    const link = await aMintedLink({ passwordHash: "x", passwordVersion: 3 })
    const open = await aMintedLink()
    const unlock = { linkId: link.linkId, proofVersion: 3, expiresAt: future() }

    const wrong = [
      { ...unlock, linkId: open.linkId },
      { ...unlock, proofVersion: 2 },
      { ...unlock, expiresAt: past() },
    ]

    const [granted, ofAnOpenShare, ...refused] = await Promise.all([
      ...[click(link, unlock), click(open, unlock)],
      ...wrong.map((each) => outcome(click(link, each))),
    ])

    expect(granted.ticket).toMatchObject({ linkId: link.linkId, proofVersion: 3 })
    expect(refused).toEqual(["locked", "locked", "locked"])
    expect(ofAnOpenShare.ticket).toMatchObject({ linkId: open.linkId })
    expect(await countsOf(link.shareId)).toEqual({ counted: 1, claims: 1 })
    expect(await countsOf(open.shareId)).toEqual({ counted: 1, claims: 1 })
  })

  it("needs the signer's credentials to last six seconds", async () => {
    const { publicId, fileId } = await aMintedLink()
    const click = {
      publicId,
      fileId,
      directOnly: false,
      visitId: null,
      ...unlockColumns(null),
      claimId: randomUUID(),
      eventId: randomUUID(),
      ...source,
    }
    const run = async (seconds: number) => {
      const [row] = await insertClaims<{ refusal: string | null; newly: boolean | null }>({
        ...arraysOf(CLICK, [click]),
        shard: 0,
        credentialsEnd: new Date(Date.now() + seconds * 1000),
      })
      return row
    }

    expect(await run(4)).toMatchObject({ refusal: "storage", newly: null })
    expect(await run(60)).toMatchObject({ refusal: null, newly: true })
  })
})

describe("a claim of many files at once", () => {
  const all = (link: Link, visitId: Buffer | null) =>
    claim({
      publicId: link.publicId,
      fileIds: null,
      cookies: { ...noCookies, visitId },
      directOnly: false,
      source,
      chargedTo: "192.0.2.7",
    })

  it("counts once for a visit whose answers were lost, however often and at once it asks", async () => {
    for (const minted of [true, false]) {
      const link = await aLink({ minted, files: ["a", "b"] })
      const visitId = newVisitId()

      const first = await all(link, visitId)
      const others = await Promise.all(Array.from({ length: 8 }, () => all(link, visitId)))

      expect(new Set(others.map(({ ticket }) => ticket?.id))).toEqual(new Set([first.ticket?.id]))
      expect(await countsOf(link.shareId)).toEqual({ counted: 1, claims: 1 })
    }
  })

  it("counts once when eight requests of a visit race, and anew for other visits", async () => {
    const link = await aMintedLink({ files: ["a", "b"] })
    const visitId = newVisitId()

    await Promise.all(Array.from({ length: 8 }, () => all(link, visitId)))
    expect(await countsOf(link.shareId)).toEqual({ counted: 1, claims: 1 })
    await all(link, newVisitId())
    await all(link, null)
    expect(await countsOf(link.shareId)).toEqual({ counted: 3, claims: 3 })
  })

  it("leaves one row for a visit, and a click on one file none", async () => {
    const link = await aMintedLink({ files: ["a", "b"] })
    const visitId = newVisitId()
    await click(link)
    await all(link, visitId)
    await all(link, visitId)
    expect(await db.claim.count({ where: { linkId: link.linkId } })).toBe(1)
  })
})

describe("clicks that share a statement", () => {
  it("are counted exactly, over many shares", async () => {
    const sizes = watchStatements()
    const links = await Promise.all(Array.from({ length: 5 }, () => aMintedLink()))

    const grants = await Promise.all(
      Array.from({ length: 300 }, (_, n) => click(links[n % 5] ?? never())),
    )

    expect(new Set(grants.map(({ ticket }) => ticket?.id)).size).toBe(300)
    for (const [n, link] of links.entries()) {
      expect(await countsOf(link.shareId)).toEqual({ counted: 60, claims: 60 })
      expect(grants[n]?.ticket?.linkId).toBe(link.linkId)
      expect(grants[n]?.files[0]?.id).toBe(link.fileId)
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(300)
    expect(Math.max(...sizes)).toBe(128)
  })

  it("are sent at once when no statement runs", async () => {
    const link = await aMintedLink()
    const sizes = watchStatements()

    await click(link)
    await click(link)

    expect(sizes).toEqual([1, 1])
  })

  it("do not affect one another", async () => {
    const good = await Promise.all(Array.from({ length: 6 }, () => aMintedLink()))
    const revoked = await aMintedLink({ revokedAt: past() })
    const locked = await aMintedLink({ passwordHash: "x" })
    const fresh = await aLink()
    const limited = await aLink({ maxDownloads: 2 })
    const unknown = { publicId: newPublicId(), fileId: randomUUID() }
    const asked = good.flatMap((link) => [link, revoked, locked, unknown, limited, fresh])

    const results = await Promise.allSettled(asked.map((link) => click(link)))

    const codes = (link: Link) =>
      results
        .filter((_, n) => asked[n] === link)
        .map((result) => (result.status === "rejected" ? result.reason.code : "granted"))
        .sort()
    for (const link of good) expect(codes(link)).toEqual(["granted"])
    expect(codes(revoked)).toEqual(Array(6).fill("gone"))
    expect(codes(locked)).toEqual(Array(6).fill("locked"))
    expect(codes(unknown)).toEqual(Array(6).fill("not_found"))
    expect(codes(fresh)).toEqual(Array(6).fill("granted"))
    expect(codes(limited)).toEqual([...Array(4).fill("gone"), "granted", "granted"])
    expect(await countsOf(fresh.shareId)).toEqual({ counted: 6, claims: 6 })
  })

  it("are retried one by one when the database refuses the statement", async () => {
    const warn = vi.spyOn(log, "warn").mockReturnValue()
    const link = await aMintedLink()
    const broken = { ...link, fileId: "no uuid" }

    const results = await Promise.allSettled([click(link), click(link), click(broken), click(link)])

    expect(results.map(({ status }) => status)).toEqual([
      ...["fulfilled", "fulfilled", "rejected", "fulfilled"],
    ])
    expect(await countsOf(link.shareId)).toEqual({ counted: 3, claims: 3 })
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it("all fail when the database is unreachable, and work again when it is back", async () => {
    const link = await aMintedLink()
    const lost = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
    const gone = vi.spyOn(pool(), "query").mockImplementation(() => Promise.reject(lost))

    const results = await Promise.allSettled([click(link), click(link), click(link)])
    expect(gone).toHaveBeenCalledTimes(2)
    gone.mockRestore()

    for (const result of results) expect(result).toEqual({ status: "rejected", reason: lost })
    await click(link)
    expect(await countsOf(link.shareId)).toEqual({ counted: 1, claims: 1 })
  })

  it("do not wait long for a click that waits for a row", async () => {
    const [stuck, link] = [await aMintedLink(), await aMintedLink()]
    const shards = Array.from({ length: 8 }, (_, shard) => ({ shareId: stuck.shareId, shard }))
    await db.shareCounter.createMany({ data: shards })
    const other = await pool().connect()
    await other.query("BEGIN")
    await other.query("SELECT FROM share_counter WHERE share_id = $1 FOR UPDATE", [stuck.shareId])
    const ended = vi.fn()
    const waiting = click(stuck).finally(ended)

    await click(link)
    expect(ended).not.toHaveBeenCalled()

    await other.query("COMMIT")
    other.release()
    await waiting
    expect(await countsOf(stuck.shareId)).toEqual({ counted: 1, claims: 1 })
  })

  it("respect a revoke that returned before they were sent", async () => {
    for (let round = 0; round < 5; round++) {
      const links = await Promise.all(Array.from({ length: 4 }, () => aMintedLink()))
      const revoked = new Set<string>()
      let [granted, late, open] = [0, 0, true]
      const clicking = Array.from({ length: 60 }, async (_, n) => {
        const link = links[n % 4] ?? never()
        while (open) {
          const after = revoked.has(link.shareId)
          const won = await click(link).then(
            () => true,
            () => false,
          )
          if (won) granted += 1
          if (won && after) late += 1
        }
      })
      try {
        await vi.waitFor(() => expect(granted).toBeGreaterThan(0), { timeout: 10_000 })
        for (const { shareId } of links) {
          await db.$executeRaw`UPDATE share SET revoked_at = clock_timestamp() WHERE id = ${shareId}::uuid`
          revoked.add(shareId)
        }
        await new Promise((resolve) => setTimeout(resolve, 10))
      } finally {
        open = false
      }
      await Promise.all(clicking)

      expect(late).toBe(0)
      const counts = await Promise.all(links.map(({ shareId }) => countsOf(shareId)))
      expect(counts.reduce((sum, { counted }) => sum + counted, 0)).toBe(granted)
      expect(counts.reduce((sum, { claims }) => sum + claims, 0)).toBe(granted)
    }
  })

  it("respect a limit that is set while they run, exactly", async () => {
    const link = await aMintedLink()
    let open = true
    const before = Array.from({ length: 40 }, async () => {
      let granted = 0
      while (open) {
        await click(link)
        granted += 1
      }
      return granted
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    open = false
    const claimed = (await Promise.all(before)).reduce((sum, granted) => sum + granted, 0)
    const under = Array.from({ length: 40 }, () => click(link))
    await db.share.update({ where: { id: link.shareId }, data: { maxDownloads: claimed + 50 } })
    const sent = (await Promise.allSettled(under)).filter((r) => r.status === "fulfilled").length
    const last = await Promise.allSettled(Array.from({ length: 30 }, () => click(link)))

    expect(sent).toBe(40)
    expect(last.filter(({ status }) => status === "fulfilled")).toHaveLength(10)
    const { downloads } = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
    const { counted, claims } = await countsOf(link.shareId)
    expect(downloads + counted).toBe(claimed + 50)
    expect(claims).toBe(claimed + 50)
  })
})

function never(): never {
  throw new Error("there is such a link")
}
