import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { eachOf } from "#lib/cut-offs/each-of.ts"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { aVisitor, leadsToStore } from "#testing/a-visitor.ts"
import { ADDRESSES } from "./answer.ts"

const LIMIT = 5
const BOTS = [
  { "user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)" },
  { "user-agent": "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)" },
  { "user-agent": "" },
  { "user-agent": "facebookexternalhit/1.1", range: "bytes=0-" },
  { "sec-purpose": "prefetch" },
]
const AT_ONCE = 20
const MIDDLE = { range: "bytes=100-200" }

const claimsOf = async (shareId: string) => {
  const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { downloads: true },
  })
  return downloads + Number(_sum.downloads ?? 0)
}

/** A visitor who asks again where the database has too much to do. */
function aPatientVisitor(as: Parameters<typeof aVisitor>[0]) {
  const { go, jar } = aVisitor(as)
  const ask: typeof go = async (...asked) => {
    let answer = await go(...asked)
    for (; answer.status === 503; answer = await go(...asked)) await sleep(100)
    return answer
  }
  const post: typeof go = (path, init) => ask(path, { method: "POST", ...init })
  return { go: ask, post, jar }
}

describe("a limit of five", () => {
  it("gives exactly five of 200 visitors a download, among retries, ranges, HEADs, previews and bots, and lets each of the five go on", {
    timeout: 90_000,
  }, async () => {
    const link = await aLink({ direct: true, maxDownloads: LIMIT, files: ["a.png", "b.png"] })
    const page = `/s/${link.token}`
    const file = `${page}/d/${link.fileId}`
    const preview = `${page}/p/${link.fileId}`

    /** Opens the page and clicks twice, or asks for the file's address twice as curl does. */
    async function visit(n: number) {
      const isCurl = n % 2 === 1
      const headers = isCurl ? { "user-agent": "curl/8.14.1", accept: "*/*" } : undefined
      const visitor = aPatientVisitor({ address: `192.0.2.${n}`, ...(headers && { headers }) })
      await visitor.go(file, { method: "HEAD" })
      if (isCurl) {
        const first = await visitor.go(file, n % 3 === 0 ? { headers: { range: "bytes=0-" } } : {})
        const again = await visitor.go(file)
        return { visitor, granted: [first, again].some(leadsToStore) }
      }
      await visitor.go(page)
      await visitor.go(preview)
      const clicks = await Promise.all([visitor.post(file), visitor.post(file)])
      const again = await visitor.post(file)
      return { visitor, granted: [...clicks, again].some(leadsToStore) }
    }

    async function bother(n: number) {
      const bot = aPatientVisitor({
        address: `198.51.100.${n}`,
        headers: BOTS[n % BOTS.length] ?? {},
      })
      const asked = await Promise.all([bot.go(page), bot.go(file), bot.go(preview)])
      const middle = await aPatientVisitor({ address: `203.0.113.${n}` }).go(file, {
        headers: MIDDLE,
      })
      return [...asked, middle].some(leadsToStore)
    }

    const visits: Awaited<ReturnType<typeof visit>>[] = []
    const bothered: boolean[] = []
    await eachOf(
      Array.from({ length: 200 }, (_, n) => n),
      AT_ONCE,
      async (n) => {
        const [came, got] = await Promise.all([visit(n), n % 4 === 0 ? bother(n) : false])
        visits.push(came)
        bothered.push(got)
      },
    )

    expect(bothered).not.toContain(true)
    const granted = visits.filter((each) => each.granted)
    expect(granted).toHaveLength(LIMIT)
    expect(await claimsOf(link.shareId)).toBe(LIMIT)

    for (const { visitor } of granted) {
      expect(leadsToStore(await visitor.go(file, { headers: MIDDLE }))).toBe(true)
      expect(leadsToStore(await visitor.go(`${page}/d/${link.fileIds[1]}`))).toBe(true)
      expect(leadsToStore(await visitor.post(file))).toBe(true)
      expect((await visitor.go(file, { method: "HEAD" })).status).toBe(200)
      expect((await visitor.post(`${page}/claim`)).status).toBe(200)
      expect((await visitor.go(page)).status).toBe(200)
      if ("p" in ADDRESSES) expect((await visitor.go(preview)).status).toBe(302)
    }
    const late = visits.find((each) => !each.granted)
    expect((await late?.visitor.go(page))?.status).toBe(410)
    expect(await claimsOf(link.shareId)).toBe(LIMIT)
    expect(await db.event.count({ where: { shareId: link.shareId, kind: "claim" } })).toBe(LIMIT)
  })
})
