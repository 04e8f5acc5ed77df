import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { eachOf } from "#lib/cut-offs/each-of.ts"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { aClient, type ClientAsk, isSigned } from "#testing/visitor-client.ts"

const AT_ONCE = 20

/** "store" for a presigned URL, or the status. Asks again where the database has too much to do. */
function aVisitor() {
  const { send } = aClient()
  return async (method: string, path: string, ask: ClientAsk = {}) => {
    let answer = await send(method, path, ask)
    for (; answer.status === 503; answer = await send(method, path, ask)) await sleep(100)
    return isSigned(answer) ? "store" : String(answer.status)
  }
}

describe("200 visitors of a direct link with a limit of 5", () => {
  it.each([false, true])(
    "make exactly 5 claims among retries, ranges, HEADs, previews and bots (view only: %s)",
    { timeout: 300_000 },
    async (viewOnly) => {
      const { token, fileId, shareId } = await aLink({ maxDownloads: 5, direct: true, viewOnly })
      const [page, file, shown] = [
        `/s/${token}`,
        `/s/${token}/d/${fileId}`,
        `/s/${token}/p/${fileId}`,
      ]
      const clients = Array.from({ length: 200 }, aVisitor)
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
          send("GET", file, { headers: { range: "bytes=100-" } }),
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
          send("GET", file, { headers: { range: "bytes=100-" } }),
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
