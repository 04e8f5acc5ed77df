import { setTimeout as sleep } from "node:timers/promises"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"
import type { ShareView } from "../../member-client.ts"
import { downloadPath } from "../../network/send-click.ts"

const KILLS = process.env.HEAVY ? 20 : 4
const WAYS = ["web", "database", "main", "everything"] as const
const BETWEEN = 60
const FEW = 20 * KILLS

/** The number of claims sent, and of those granted to a client that knows of it. */
type Tally = { share: ShareView; sent: number; granted: number }

test(`granted claims are counted after ${KILLS} kills under load, limits are exact, and tickets stay valid`, async ({
  own,
  member,
}) => {
  test.setTimeout(60_000 + KILLS * 60_000)
  const files = [
    await member.upload("a.pdf", Buffer.from("a"), "application/pdf"),
    await member.upload("b.pdf", Buffer.from("b"), "application/pdf"),
  ]
  const fileIds = files.map(({ id }) => id)
  const tally = async (conditions = {}): Promise<Tally> => ({
    share: await member.shareFiles(fileIds, conditions),
    sent: 0,
    granted: 0,
  })
  const plain = await tally()
  const few = await tally({ maxDownloads: FEW })
  const visited = await tally({ maxDownloads: 1_000_000 })
  const all = await tally()
  const refusedTickets: number[] = []
  let stopped = false

  /** Null if there was no answer, or one that asks to retry. */
  async function send(url: string, init: RequestInit = {}) {
    try {
      const answer = await fetch(url, { redirect: "manual", ...init })
      await answer.arrayBuffer()
      if (answer.status < 500) return answer
    } catch {
      // The process was killed, or is not up yet.
    }
    await sleep(50)
    return null
  }
  const addressOf = ({ share }: Tally) => new URL(downloadPath(share), share.url).href
  const leadsToStore = (answer: Response) =>
    answer.headers.get("location")?.includes("X-Amz-Signature=") ?? false
  const cookiesOf = (answer: Response | null) =>
    answer?.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "") ?? []
  const pause = () => sleep(5)

  async function clickOnce(on: Tally) {
    on.sent += 1
    const answer = await send(addressOf(on), { method: "POST" })
    if (answer && leadsToStore(answer)) on.granted += 1
    await pause()
    return answer
  }
  async function click(on: Tally) {
    while (!stopped) await clickOnce(on)
  }
  async function claimAll() {
    while (!stopped) {
      all.sent += 1
      const headers = { "content-type": "application/json" }
      const answer = await send(`${all.share.url}/claim`, { method: "POST", headers, body: "{}" })
      if (answer?.status === 200) all.granted += 1
      await pause()
    }
  }
  /** A visitor who clicks until the claim is granted, and then continues with the ticket. */
  async function visit() {
    let opened: Response | null = null
    while (!opened) opened = await send(visited.share.url)
    const cookie = cookiesOf(opened)
    visited.sent += 1
    for (let clicked: Response | null = null; !clicked; ) {
      const headers = { cookie: cookie.join("; ") }
      clicked = await send(addressOf(visited), { method: "POST", headers })
      if (clicked && leadsToStore(clicked)) visited.granted += 1
      cookie.push(...cookiesOf(clicked))
    }
    for (let again = 0; again < 3; again++) {
      const answer = await send(addressOf(visited), { headers: { cookie: cookie.join("; ") } })
      if (answer && !leadsToStore(answer)) refusedTickets.push(answer.status)
      await pause()
    }
  }
  async function visitors() {
    while (!stopped) await visit()
  }
  const load = Promise.all([0, 1].flatMap(() => [click(plain), click(few), claimAll(), visitors()]))
  const granted = () => plain.granted + all.granted + visited.granted
  const untilMore = async () => {
    const from = granted()
    await expect.poll(granted, { timeout: 50_000 }).toBeGreaterThan(from + BETWEEN)
  }

  for (let kill = 0; kill < KILLS; kill++) {
    await untilMore()
    const way = WAYS[kill % WAYS.length] ?? "web"
    await (way === "everything" ? own.kill() : own.crash(way))
    if (way === "main" || way === "everything") await own.start()
  }
  await untilMore()
  stopped = true
  await load
  // On a slow machine the limit may not be used up yet.
  for (let answer = await clickOnce(few); !answer || leadsToStore(answer); )
    answer = await clickOnce(few)

  expect(refusedTickets).toEqual([])
  for (const { share, sent, granted } of [plain, few, visited, all]) {
    const { downloads } = await member.readShare(share.id)
    const [events] = await own.query<{ count: number }>(
      "SELECT count(*)::int FROM event WHERE share_id = $1 AND kind = 'claim'",
      [share.id],
    )
    expect(events?.count).toBe(downloads)
    expect(downloads).toBeGreaterThanOrEqual(granted)
    expect(downloads).toBeLessThanOrEqual(sent)
  }
  expect((await member.readShare(few.share.id)).downloads).toBe(FEW)
  // A click whose answer was lost, repeated by the same visit, is the same claim.
  expect(visited.granted).toBe(visited.sent)
  expect((await member.readShare(visited.share.id)).downloads).toBe(visited.granted)
})
