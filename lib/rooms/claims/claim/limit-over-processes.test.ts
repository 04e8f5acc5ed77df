import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import type { LimitedVisit } from "#testing/builders/limited-visit.ts"

const root = path.join(import.meta.dirname, "../../../..")
const VISITORS = process.env.HEAVY ? 200 : 80

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

type Link = Awaited<ReturnType<typeof aLink>>

async function visitFromTwoProcesses({ publicId, fileId }: Link): Promise<LimitedVisit[]> {
  const args = [Buffer.from(publicId).toString("hex"), fileId, String(VISITORS / 2)]
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
    const [visits]: LimitedVisit[][] = await once(child, "message")
    return visits ?? []
  })
  for (const child of ready) child.send("go")
  return (await Promise.all(done)).flat()
}

describe(`${VISITORS} visitors of a limit of 5, over two processes`, () => {
  it("make 5 claims, and each of the 5 continues and looks again", {
    timeout: 300_000,
  }, async () => {
    const link = await aLink({ maxDownloads: 5 })

    const visits = await visitFromTwoProcesses(link)

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
