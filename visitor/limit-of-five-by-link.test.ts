import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { aClient, type ClientAsk, isSigned } from "#testing/visitors/visitor-client.ts"

const LIMIT = 5
const AT_ONCE = 20
const ALL = Array.from({ length: 200 }, (_, n) => n)

const MIDDLE = { range: "bytes=100-" }
const MACHINES: ClientAsk[] = [
  { by: "unfurler" },
  { by: "unfurler", headers: { range: "bytes=0-" } },
  { by: "unfurler", headers: { "user-agent": "" } },
  {
    by: "unfurler",
    headers: {
      "user-agent": "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    },
  },
  { by: "prefetch" },
]

type Ask = ReturnType<typeof aPatientClient>

/** Returns "store" for a presigned URL, or the status. Retries while the database is overloaded. */
function aPatientClient() {
  const { send } = aClient()
  return async (method: string, path: string, ask: ClientAsk = {}) => {
    let answer = await send(method, path, ask)
    for (; answer.status === 503; answer = await send(method, path, ask)) await sleep(100)
    return isSigned(answer) ? "store" : String(answer.status)
  }
}

function pathsOf({ token, fileIds }: Awaited<ReturnType<typeof aLink>>) {
  const [first = "", second = ""] = fileIds
  const page = `/s/${token}`
  const file = (id: string) => `${page}/d/${id}`
  return {
    page,
    file: file(first),
    other: file(second),
    shown: `${page}/p/${first}`,
    claim: `${page}/claim`,
  }
}

type Paths = ReturnType<typeof pathsOf>

/** Clicks three times at once; every third visitor has lost the answer to an earlier click. */
async function click(send: Ask, n: number, path: string, { claim }: Paths) {
  if (n % 3 === 0) await send("POST", path, { loses: true })
  const clicks = [send("POST", path), send("POST", claim, { by: "script" }), send("POST", path)]
  return (await Promise.all(clicks)).some((answer) => answer === "store" || answer === "200")
}

/** Downloads like curl with a cookie jar: without the page, and again with a range. */
async function fetchDirectly(send: Ask, n: number, { file }: Paths) {
  const headers = n % 4 === 1 ? { range: "bytes=0-" } : {}
  const answers = [
    await send("GET", file, { by: "library", headers }),
    await send("GET", file, { by: "library" }),
  ]
  return answers.includes("store")
}

describe.runIf(process.env.HEAVY)("200 visitors of a direct link with a limit of 5", () => {
  it.each([false, true])(
    "make exactly 5 claims among retries, ranges, HEADs, previews and bots, and each of the 5 can continue (view only: %s)",
    async (viewOnly) => {
      const files = ["a.png", "b.png"]
      const link = await aLink({ maxDownloads: LIMIT, direct: true, viewOnly, files })
      const paths = pathsOf(link)
      const { page, file, other, shown, claim } = paths
      const clients = ALL.map(aPatientClient)
      const isLibrary = (n: number) => n % 2 === 1 && !viewOnly
      await eachOf(ALL, AT_ONCE, async (n) => {
        if (!isLibrary(n)) await clients[n]?.("GET", page)
      })

      const machines: string[] = []
      const ended: { won: boolean; after: string[] }[] = []
      await eachOf([...clients.entries()], AT_ONCE, async ([n, send]) => {
        const machine = MACHINES[n % MACHINES.length]
        const around = [send("HEAD", file), send("HEAD", shown), send("GET", shown)]
        const bots = [page, file, shown].map((path) => aPatientClient()("GET", path, machine))
        const ranges = aPatientClient()("GET", file, { headers: MIDDLE })
        const won = isLibrary(n)
          ? await fetchDirectly(send, n, paths)
          : await click(send, n, viewOnly ? claim : file, paths)
        await Promise.all(around)
        machines.push(...(await Promise.all([...bots, ranges])))
        const after = [
          send("GET", shown),
          send("GET", shown, { by: "script" }),
          send("HEAD", shown),
          send("GET", file, { headers: MIDDLE }),
          send("HEAD", file),
          send("GET", other),
          send("POST", file),
          send("POST", claim, { by: "script" }),
          send("GET", page),
        ]
        ended.push({ won, after: await Promise.all(after) })
      })

      expect(machines).not.toContain("store")
      const winners = ended.filter(({ won }) => won)
      expect(winners.map(({ after }) => after)).toEqual(
        Array(LIMIT).fill([
          "store",
          "200",
          "200",
          ...(viewOnly ? ["303", "403", "303", "303"] : ["store", "200", "store", "store"]),
          "200",
          "200",
        ]),
      )
      // The share is used up before a visitor without a download has finished.
      const others = ended.filter(({ won }) => !won)
      expect(others).toHaveLength(ALL.length - LIMIT)
      for (const { after } of others) {
        expect(after).toEqual(["410", "410", "410", "303", "410", "303", "303", "410", "410"])
      }
      expect(await countsOf(link.shareId)).toMatchObject({ downloads: LIMIT, previews: LIMIT })
      const { downloads } = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
      expect(downloads).toBe(LIMIT)
      const where = { shareId: link.shareId, kind: "claim" } as const
      expect(await db.event.count({ where })).toBe(LIMIT)
    },
  )
})
