import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { eachOf } from "#lib/cut-offs/each-of.ts"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { VISITORS, type VisitorKind } from "#testing/link-answers/situations.ts"
import { createVisitor } from "./answer.ts"

const script = { src: "/assets/script.js", imports: [] }
const visitor = createVisitor({
  stylesheet: "/assets/visitor.css",
  font: "/assets/font.woff2",
  scripts: { visit: script, times: script },
  words: {},
})

const AT_ONCE = 20

type Sent = { by?: VisitorKind; range?: string; loses?: boolean }

/** A client with cookies of its own at an address of its own. */
function aClient(n: number) {
  const jar = new Map<string, string>()
  return async (method: string, path: string, { by = "person", range, loses }: Sent = {}) => {
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ")
    const headers: Record<string, string> = { ...VISITORS[by], cookie, ...(range && { range }) }
    const request = {
      ...{ method, path, query: new URLSearchParams(), nonce: "nonce" },
      clientAddress: `10.0.${n >> 8}.${n & 255}`,
      header: (name: string) => headers[name],
      readBody: async () => "",
      isGone: () => false,
    }
    let answer = await visitor(request)
    // The database has too much to do.
    for (; answer.status === 503; answer = await visitor(request)) await sleep(100)
    if (loses) return "lost"
    for (const [name, value] of answer.headers) {
      const [, key = "", held = ""] = /^([^=]+)=([^;]*);/.exec(value) ?? []
      if (name === "Set-Cookie") jar.set(key, held)
    }
    const location = answer.headers.find(([name]) => name === "Location")?.[1] ?? ""
    return location.includes("X-Amz-Signature=") ? "store" : String(answer.status)
  }
}

describe("200 visitors of a direct link with a limit of 5", () => {
  it.each([false, true])(
    "make exactly 5 claims among retries, ranges, HEADs, previews and bots (view only: %s)",
    { timeout: 60_000 },
    async (viewOnly) => {
      const { token, fileId, shareId } = await aLink({ maxDownloads: 5, direct: true, viewOnly })
      const [page, file, shown] = [
        `/s/${token}`,
        `/s/${token}/d/${fileId}`,
        `/s/${token}/p/${fileId}`,
      ]
      const clients = Array.from({ length: 200 }, (_, n) => aClient(n))
      await eachOf(clients, AT_ONCE, async (send) => void (await send("GET", page)))

      const ended: { won: boolean; after: string[] }[] = []
      await eachOf([...clients.entries()], AT_ONCE, async ([n, send]) => {
        const around = Promise.all([
          send("HEAD", file),
          send("HEAD", shown),
          send("GET", file, { by: "unfurler" }),
          send("GET", file, { by: "prefetch" }),
          send("GET", page, { by: "unfurler" }),
          send("GET", shown, { by: "unfurler" }),
          send("GET", file, { range: "bytes=100-" }),
          send("GET", shown),
        ])
        const claim = `/s/${token}/claim`
        // Some lose the first answer, and click again.
        if (n % 3 === 0) await send("POST", viewOnly ? claim : file, { loses: true })
        const clicks = await Promise.all([
          send("POST", viewOnly ? claim : file),
          send("POST", claim, { by: "script" }),
          send("POST", viewOnly ? claim : file),
        ])
        const won = clicks.some((answer) => answer === "store" || answer === "200")
        await around
        const after = await Promise.all([
          send("GET", shown),
          send("GET", shown, { by: "script" }),
          send("HEAD", shown),
          send("GET", file, { range: "bytes=100-" }),
          send("HEAD", file),
        ])
        ended.push({ won, after })
      })

      const download = viewOnly ? ["303", "403"] : ["store", "200"]
      const winners = ended.filter(({ won }) => won)
      expect(winners.map(({ after }) => after)).toEqual(
        Array(5).fill(["store", "200", "200", ...download]),
      )
      for (const { after } of ended.filter(({ won }) => !won)) {
        expect(after).toEqual(["410", "410", "410", "303", "410"])
      }
      const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
      const shards = await db.shareCounter.findMany({ where: { shareId } })
      expect(downloads).toBe(5)
      expect(shards.reduce((sum, { downloads }) => sum + Number(downloads), 0)).toBe(0)
      expect(shards.reduce((sum, { previews }) => sum + Number(previews), 0)).toBe(5)
      expect(await db.event.count({ where: { shareId, kind: "claim" } })).toBe(5)
    },
  )
})
